"""Visma Severa over REST: the client (``http``), the models as documented (``wire``) and the gateway to our records."""
