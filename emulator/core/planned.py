"""What can be planned for an instant: each kind has ``due_at`` and the ``account`` it belongs to."""

from emulator.core.campaigns import Slice
from emulator.core.lifecycle import Event
from emulator.core.webhooks import Errand, LateReceipt

Planned = Event | Errand | LateReceipt | Slice
