"""The monthly report: composed from the snapshot, shown as a page, and sent as a mail."""
