"""`chancery completion` prints what each shell reads, and a shell that reads it completes."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import chancery


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_a_script_that_asks_chancery(shell: str) -> None:
    result = CliRunner().invoke(chancery, ["completion", shell])
    assert result.exit_code == 0
    assert f"_CHANCERY_COMPLETE={shell}_complete" in result.output


def test_another_shell_is_wrong_usage() -> None:
    assert CliRunner().invoke(chancery, ["completion", "tcsh"]).exit_code == 2


def test_bash_completes_a_command(tmp_path: Path) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no bash here")
    command = Path(sys.executable).with_name("chancery")
    script = tmp_path / "try.sh"
    script.write_text(
        f'PATH="{command.parent}:$PATH"\n'
        'eval "$(chancery completion bash)"\n'
        "COMP_WORDS=(chancery diff-a) COMP_CWORD=1\n"
        "_chancery_completion chancery diff-a chancery\n"
        'echo "${COMPREPLY[@]}"\n',
        encoding="utf-8",
    )
    done = subprocess.run([bash, script], capture_output=True, text=True, env=dict(os.environ), check=False)
    assert done.stdout.split() == ["diff-article"], done.stderr
