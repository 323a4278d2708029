"""The incident table as files: one module a format."""
