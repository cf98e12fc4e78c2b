#!/usr/bin/env python3
"""Manual pages and completion say what the programs themselves say: all of it, and nothing else."""

import os
import pathlib
import re
import subprocess
import unittest

BIN = pathlib.Path(os.environ['LEYE_BIN_DIR'])
SOURCE = pathlib.Path(os.environ['LEYE_SOURCE_DIR'])
ENVIRONMENT = {name: value for name, value in os.environ.items()
               if not name.startswith('LEYE') and not name.startswith('LC_')}
ENVIRONMENT['LC_ALL'] = 'C.UTF-8'


def run(*words, text=None):
    done = subprocess.run([str(word) for word in words], input=text, capture_output=True, text=True,
                          env=ENVIRONMENT, check=True)
    assert done.stderr == '', done.stderr
    return done.stdout


def leyectl(*words):
    return run(BIN / 'leyectl', *words)


def read(page):
    """The page as a reader sees it, in lines as long as paragraphs."""
    done = subprocess.run(['man', '--warnings', '-l', '-'], input=page, capture_output=True, text=True,
                          check=True, env={**ENVIRONMENT, 'MANWIDTH': '400', 'MANPAGER': 'cat'})
    assert done.stderr == '', done.stderr
    return done.stdout


def commands(path=()):
    """Each command by its path with the option names of its --help, by CLI11's own text."""
    text = leyectl(*path, '--help')
    options = re.findall(r'(?m)^  (-\S+)', text.split('Options:')[1].split('\n\n')[0])
    found = {path: {name for names in options for name in names.split(',')}}
    if 'Subcommands:' in text:
        for name in re.findall(r'(?m)^  (\S+) ', text.split('Subcommands:')[1].split('\n\n')[0]):
            found.update(commands((*path, name)))
    return found


class Leyectl(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.commands = commands()
        cls.bash = leyectl('completion', 'bash')
        cls.zsh = leyectl('completion', 'zsh')

    def test_has_many_commands_to_compare(self):
        self.assertGreater(len(self.commands), 40)
        self.assertIn('--side', self.commands[('rank',)])

    def test_page_has_the_options_of_every_command_and_no_others(self):
        text = read(leyectl('manual'))
        parts = re.split(r'(?m)^   leyectl ', text.split('\nCOMMANDS\n')[1].split('\nEXIT STATUS\n')[0])[1:]
        said = {(): text.split('\nOPTIONS\n')[1].split('\nCOMMANDS\n')[0]}
        for part in parts:
            head = part.split('\n')[0]
            said[tuple(re.match(r'[a-z -]*[a-z]', head)[0].split())] = part
        self.assertEqual(set(said), set(self.commands))
        for path, options in self.commands.items():
            found = set(re.findall(r'(?m)^ {7}(-.*)$', said[path]))
            names = {name for line in found
                     for name in re.findall(r'(?:^|, )(--?[a-z][\w-]*)', line)}
            self.assertEqual(names, options - (set() if path == () else {'-h', '--help'}), path)

    def bash_says(self, line):
        words = line.split(' ')
        script = (f'{self.bash}\nCOMP_WORDS=({" ".join(repr(word) for word in words)})\n'
                  f'COMP_CWORD={len(words) - 1}\n_leyectl\nprintf "%s\\n" "${{COMPREPLY[@]}}"')
        return set(run('bash', text=script).split())

    def zsh_says(self, line):
        words = line.split(' ')
        stubs = ('_describe() { local -a all; all=("${(@P)2}"); print -l -- ${all%%:*} }\n'
                 '_files() { print FILES }\ncompadd() { shift; print -l -- "$@" }\n')
        script = (f'{stubs}words=({" ".join(repr(word) for word in words)})\nCURRENT={len(words)}\n'
                  f'PREFIX={words[-1]!r}\n{self.zsh}')
        return set(run('zsh', '-f', text=script).split())  # As an argument it would be too long.

    def test_completes_commands_options_and_choices(self):
        for says in (self.bash_says, self.zsh_says):
            self.assertLessEqual({'rank', 'referral', 'completion'}, says('leyectl '))
            self.assertLessEqual({'create', 'hire'}, says('leyectl --json referral '))
            self.assertNotIn('rank', says('leyectl referral '))
            self.assertEqual(says('leyectl rank job-0001 --side '), {'forward', 'reverse', 'mutual'})
            self.assertEqual(says('leyectl watch --server x --region 13 ') - {'FILES'}, set())
        self.assertEqual(self.bash_says('leyectl ra'), {'rank'})
        self.assertEqual(self.zsh_says('leyectl create --request-id '), {'FILES'})

    def test_completes_the_options_of_every_command(self):
        everywhere = self.commands[()] - {'-h', '--help'}
        for path in [(), ('rank',), ('referral', 'create'), ('access', 'token')]:
            line = ' '.join(['leyectl', *path, '-'])
            for says in (self.bash_says, self.zsh_says):
                self.assertEqual(says(line), self.commands[path] | everywhere, line)


class Leyed(unittest.TestCase):
    def test_page_has_every_key_and_no_other(self):
        text = run(BIN / 'leyed', '--help')
        page = read(run(SOURCE / 'deploy/package/make_manual.py', text=text))
        keys = re.findall(r'(?m)^  (--[\w-]+)', text)
        self.assertGreater(len(keys), 30)
        self.assertEqual(re.findall(r'(?m)^ {7}(--[\w-]+)', page), keys)
        for variable in re.findall(r'LEYE_\w+', text):
            self.assertIn(variable, page)
        for sentence in re.findall(r'(?m)^      (\S.*)$', text):
            self.assertIn(re.sub(r'\s+', ' ', sentence), re.sub(r'\s+', ' ', page))
        for command in ('leyed export REGION FILE', 'leyed import FILE', 'leyed verify FILE', 'leyed restored'):
            self.assertIn(command, re.sub(r' +', ' ', page))


if __name__ == '__main__':
    unittest.main()
