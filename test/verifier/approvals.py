"""What a second person approved was asked for by somebody else, within a day, and not dismissed."""
from books import json_of

WAITING_MS_MAX = 86_400_000


def check_approvals(books, report):
    check = report.check('approvals', 'what a second person approved, somebody else had asked for')
    requests = {}
    asked = False
    for action in books.operator_actions:
        if action.what == 'request':
            requests[action.target], asked = action, True
        elif action.what == 'dismiss':
            requests.pop(action.target, None)
        # Before requests were written down a name alone told of an approval.
        if action.approved_by is not None and asked:
            request = requests.pop(action.id, None)
            check.holds(
                request is not None and asks_for(request, action),
                lambda: f'action {action.seq}: approved by {action.approved_by}, '
                'and nobody else asked for it',
            )
    return check


def asks_for(request, action):
    deed = json_of(request.detail)
    if not isinstance(deed, dict):
        return False
    return (
        request.operator == action.operator
        and action.operator.strip().lower() != action.approved_by.strip().lower()
        and request.reason == action.reason
        and (deed.get('what'), deed.get('accountId'), f"{deed.get('entry')} {deed.get('amount')}")
        == (action.what, action.target, action.detail)
        and action.at - request.at < WAITING_MS_MAX
    )
