from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from udgam.ground.reference.models import NumberSeries
from udgam.ground.reference.services import NumberOutsideTransaction, next_number


@pytest.mark.django_db
def test_each_series_counts_for_itself() -> None:
    assert [next_number(key="a"), next_number(key="a"), next_number(key="b"), next_number(key="a")] == [1, 2, 1, 3]


@pytest.mark.django_db(transaction=True)
def test_a_number_belongs_to_a_transaction() -> None:
    with pytest.raises(NumberOutsideTransaction):
        next_number(key="a")


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_get_fifty_numbers_and_failures_leave_no_gap() -> None:
    given: list[int] = []
    errors: list[Exception] = []
    start = threading.Barrier(50)

    class ChangeFailed(Exception):
        pass

    def take(worker: int) -> None:
        try:
            start.wait(30)
            with transaction.atomic():
                number = next_number(key="certificates")
                if worker % 5 == 0:
                    raise ChangeFailed
            given.append(number)
        except ChangeFailed:
            pass
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(worker,)) for worker in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sorted(given) == list(range(1, 41))
    assert NumberSeries.objects.get(key="certificates").last == 40
