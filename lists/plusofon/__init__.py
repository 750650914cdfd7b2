"""Plusofon's contact-list API, as a package that could be lifted out: it knows no Django."""
