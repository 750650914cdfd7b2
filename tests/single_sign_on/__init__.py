# The settings of a server behind a proxy of its own machine.
BY_HEADER = {
    "SSO_HEADER": "X-Remote-User",
    "SSO_GROUPS_HEADER": "X-Remote-Groups",
    "SSO_PROXIES": "127.0.0.1",
    "SSO_LOGOUT_URL": "/oauth2/sign_out",
}
