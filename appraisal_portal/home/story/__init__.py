"""The driver of the procedure: believable people and a city, moved through services and ``fire`` exactly as pages do.

Shared by ``rehearse``, the demonstration year and the test factories; the caller travels in time with ``clock.travel``.
"""
