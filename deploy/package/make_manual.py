#!/usr/bin/env python3
"""Makes the manual page leyed(8) from what leyed says of itself, which comes from its own table of keys.

    leyed --help | deploy/package/make_manual.py >leyed.8
"""

import re
import sys

HEAD = r'''.TH LEYED 8 "" "leye" "System Administration"
.SH NAME
leyed \- the server of leye, which matches relocated people with work
.SH SYNOPSIS
.B leyed
.RB [ \-\-\fIkey\fP=\fIvalue\fP " ...]"
.br
.B leyed export
.I REGION FILE
[\fB\-\-\fIkey\fR=\fIvalue\fR ...]
.br
.B leyed import
.I FILE
[\fB\-\-\fIkey\fR=\fIvalue\fR ...]
.br
.B leyed verify
.I FILE
[\fB\-\-\fIkey\fR=\fIvalue\fR ...]
.br
.B leyed restored
[\fB\-\-\fIkey\fR=\fIvalue\fR ...]
.SH DESCRIPTION
'''

TAIL = r'''.SH SIGNALS
SIGTERM and SIGINT: takes no new calls, lets those under way end, and ends with status 0.
.SH EXIT STATUS
0 after an orderly end, 1 when it could not start or serve, 2 for a mistake in the configuration.
.SH FILES
.TP
.I /etc/leye/leyed.conf
Read by the service leyed.
.TP
.I /var/lib/leye
The embedded store of that service.
.SH SEE ALSO
.BR leyectl (1)
'''


def roff(text):
    text = text.replace('\\', r'\e').replace('-', r'\-')
    return re.sub(r'^([.\'])', r'\\&\1', text)


def page(help_text):
    lines = help_text.splitlines()
    out, section = [HEAD], 'text'
    for line in lines[1:]:
        key = re.match(r'  (--[\w-]+)(=\S.*?)?(?: +\((LEYE_\w+)\))?$', line)
        command = re.match(r'  (leyed \w+(?: [A-Z]+)*) {2,}(.*)$', line)
        if line.startswith('Usage:'):
            continue
        if key:
            if section != 'keys':
                out.append('.SH OPTIONS\n')
                section = 'keys'
            out.append(f'.TP\n\\fB{roff(key[1])}\\fR{roff(key[2] or "")}\n')
            variable = key[3]
        elif section == 'keys' and line.startswith('      '):
            out.append(roff(line.strip()) + (f' Variable: \\fB{variable}\\fR.' if variable else '') + '\n')
        elif section == 'keys' and line.strip():
            out.append('.SH COMMANDS\n' + roff(line) + '\n')
            section = 'commands'
        elif command:
            out.append(f'.TP\n\\fB{roff(command[1])}\\fR\n{roff(command[2])}\n')
        elif line.strip():
            out.append(roff(line.strip()) + '\n')
        elif section != 'keys':
            out.append('.PP\n')
    text = ''.join(out) + TAIL
    text = re.sub(r'(\.PP\n)+(?=\.|$)', '', text)
    return re.sub(r'(\.SH DESCRIPTION\n)(?:\.PP\n)+', r'\1', text)


if __name__ == '__main__':
    sys.stdout.write(page(sys.stdin.read()))
