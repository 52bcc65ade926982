"""Every public page as JSON, for programs: read-only, and described by OpenAPI."""
