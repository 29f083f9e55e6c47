"""The interface for programs: HTTP and JSON below `/api/v1/`, described by its own OpenAPI document."""
