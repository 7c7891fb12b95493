"""Mails that become leads: read (`message`), told apart from those of machines (`nature`), taken apart (`lines`)."""
