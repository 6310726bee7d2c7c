"""The foreign hosts from which a site has visitors load scripts, as people and programs read them."""

import msgspec

from govcrawl.cli.output import print_json, print_table
from govcrawl.kit.clock import CHINA
from govcrawl.sites.scripts import ScriptHost, ScriptHosts


def print_scripts(site: str, scripts: ScriptHosts, as_json: bool) -> None:
    if as_json:
        for host in scripts.hosts:
            print_json({"site": {"id": site}, "script": msgspec.to_builtins(host) | {"sampled": scripts.pages}})
    else:
        print_table(("host", "pages", "sites", "since", "new", "seen"), [_cells(host, scripts) for host in scripts.hosts])


def _cells(host: ScriptHost, scripts: ScriptHosts) -> tuple[object, ...]:
    since = host.since.astimezone(CHINA).date()
    return (
        host.domain,
        f"{host.pages} of {scripts.pages}",
        host.sites,
        since,
        "new" if host.new and scripts.before else "",
        host.seen,
    )
