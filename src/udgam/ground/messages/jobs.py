from __future__ import annotations

from django.utils import timezone

from udgam.ground.connectors import mail, text_messages
from udgam.ground.connectors.failures import ConnectorFailed, HandOverRefused
from udgam.ground.messages import services
from udgam.ground.messages.attachments import AttachmentUnreadable, read_attachment
from udgam.ground.messages.models import Message
from udgam.ground.tasks import task


@task(services.SEND)
def send(*, message: str) -> None:
    """Hand one message over; what fails is tried again later, by a job that the failure's record defers."""
    envelope = services.begin_sending(message_id=message, now=timezone.now())
    if envelope is None:
        return
    try:
        if envelope.channel == Message.Channel.MAIL:
            file = envelope.attachment
            mail.send_mail(
                to=envelope.to,
                subject=envelope.subject,
                body=envelope.body,
                reference=str(envelope.id),
                attachment=(file.name, read_attachment(file)) if file else None,
            )
        else:
            text_messages.send_text(mobile=envelope.to, text=envelope.body, reference=str(envelope.id))
    except HandOverRefused as error:
        services.fail_sending(message_id=message, reason=error.reason, now=timezone.now(), is_final=True)
    except AttachmentUnreadable:
        # The file may have been replaced this moment: the next attempt reads the new name.
        services.fail_sending(message_id=message, reason="attachment unreadable", now=timezone.now())
    except ConnectorFailed as error:
        services.fail_sending(message_id=message, reason=error.reason, now=timezone.now())
    else:
        services.finish_sending(message_id=message, now=timezone.now())


@task("messages.release_claims", every="*/5 * * * *")
def release_claims() -> None:
    """Every five minutes: take back what a worker that died had claimed."""
    services.release_claims(now=timezone.now())


@task("messages.forget_old", every="50 20 * * *")
def forget_old() -> None:
    """Every night: delete messages that were sent or given up more than a year ago."""
    services.forget_old_messages(now=timezone.now())
