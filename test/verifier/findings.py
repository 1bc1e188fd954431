"""What a run of the verifier found: check by check, what each looked at, and what does not hold."""

EXAMPLES_MAX = 20


class Check:
    """One check: how many things it looked at, how many do not hold, the first of those in words, and what it
    had to leave out."""

    def __init__(self, name, about):
        self.name, self.about = name, about
        self.looked_at = 0
        self.violations = 0
        self.examples = []
        self.left_out = {}

    def holds(self, condition, says):
        """Counts one thing. `says` is a text, or a function that makes it where it does not hold."""
        self.looked_at += 1
        if not condition:
            self.violations += 1
            if len(self.examples) < EXAMPLES_MAX:
                self.examples.append(says() if callable(says) else says)
        return condition

    def leave_out(self, why, count=1):
        self.left_out[why] = self.left_out.get(why, 0) + count

    def as_json(self):
        return {
            'name': self.name,
            'about': self.about,
            'lookedAt': self.looked_at,
            'violations': self.violations,
            'examples': self.examples,
            'leftOut': self.left_out,
        }


class Report:
    def __init__(self, file):
        self.file = file
        self.checks = []
        self.books = {}

    def check(self, name, about):
        check = Check(name, about)
        self.checks.append(check)
        return check

    @property
    def ok(self):
        return all(check.violations == 0 for check in self.checks)

    def as_json(self):
        return {
            'ok': self.ok,
            'file': self.file,
            'books': self.books,
            'checks': [check.as_json() for check in self.checks],
        }

    def as_text(self):
        lines = [
            self.file,
            '  '
            + ', '.join(f'{count:,} {what}' for what, count in self.books.items() if isinstance(count, int)),
        ]
        for check in self.checks:
            lines.append(
                f'  {"holds " if check.violations == 0 else "BROKEN"}  {check.name:<12} '
                f'{check.looked_at:>9,}  {check.about}'
            )
            lines += [f'            {example}' for example in check.examples]
            if check.violations > len(check.examples):
                lines.append(f'            and {check.violations - len(check.examples):,} more')
            lines += [f'            left out: {count:,} {why}' for why, count in check.left_out.items()]
        broken = [check.name for check in self.checks if check.violations]
        lines.append('All that was checked holds.' if not broken else f'Does not hold: {", ".join(broken)}.')
        return '\n'.join(lines)
