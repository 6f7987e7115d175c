"""Sending a digest: by e-mail over the company's own server, or as JSON to a webhook (https)."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage

import httpx2

from brygga.store.settings.values import Settings

TIMEOUT_SECONDS = 20.0
HERE = ("localhost", "127.0.0.1", "::1")


class NotEncrypted(Exception):
    """A password or a webhook's secret address would travel in clear text."""


def deliver(settings: Settings, subject: str, text: str, data: bytes) -> None:
    """Send where the settings say; nowhere is fine. Raises what the library raises when a server does not take it."""
    try:
        _mail(settings, subject, text)
    finally:
        # One that is down must not keep the other from being told.
        _post(settings, data)


def _mail(settings: Settings, subject: str, text: str) -> None:
    to, host = settings.get("schedule.digest_to"), settings.get("schedule.smtp_host")
    if not to or not host:
        return
    message = EmailMessage()
    message["Subject"] = subject.partition("\n")[0][:200]
    message["From"] = settings.get("schedule.digest_from") or to[0]
    message["To"] = ", ".join(to)
    message.set_content(text)
    security, port = settings.get("schedule.smtp_security"), settings.get("schedule.smtp_port")
    user, password = settings.get("schedule.smtp_user"), settings.get("schedule.smtp_password")
    if user and security == "none" and host not in HERE:
        raise NotEncrypted(host)
    encrypted = ssl.create_default_context()
    with (
        smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=encrypted)
        if security == "tls"
        else smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
    ) as server:
        if security == "starttls":
            server.starttls(context=encrypted)
        if user:
            server.login(user, password)
        server.send_message(message)


def _post(settings: Settings, data: bytes) -> None:
    address = settings.get("schedule.digest_webhook")
    if not address:
        return
    url = httpx2.URL(address)
    if url.scheme != "https" and not (url.scheme == "http" and url.host in HERE):
        raise NotEncrypted(url.host)
    headers = {"Content-Type": "application/json; charset=utf-8"}
    # No redirect is followed: the address was given for this very place.
    with httpx2.Client(timeout=TIMEOUT_SECONDS) as client:
        client.post(url, content=data, headers=headers).raise_for_status()
