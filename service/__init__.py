"""Broadsheet: web pages in, structured articles out, none lost."""

VERSION = "1.0.0"
