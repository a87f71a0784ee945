"""Pages of documents as pictures, and their text: made by a process of its own that may use little time and memory."""

from udgam.ground.documents.rendering.starting import MOST_PAGES, Rendered, RenderingFailed, render

__all__ = ["MOST_PAGES", "Rendered", "RenderingFailed", "render"]
