"""The domain: messages, segments, accounts, time. Knows no provider and no web framework."""
