"""The public interface: what the pages show, for programs. docs/api.md is its page."""
