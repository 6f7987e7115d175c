"""The JSON API at ``/api``: the functions of the pages for scripts, behind tokens with scopes (issue 6)."""
