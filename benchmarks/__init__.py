"""Figures of the service, each against its floor and its peers in one run."""
