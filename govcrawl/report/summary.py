"""The summary of a campaign: what was crawled, how far, and what was found."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from govcrawl.frontier.model import CampaignStatus, SiteState, SiteStatus
from govcrawl.kit.clock import iso

_DONE = (SiteState.COMPLETE, SiteState.PARTIAL, SiteState.FAILED)


@dataclass(frozen=True, slots=True)
class Summary:
    """`findings` counts by category. `seconds` are those of this run, and `pages_per_second` its rate, also of a resumed one."""

    status: CampaignStatus
    findings: Mapping[str, int]
    seconds: float
    pages_before: int = 0

    def document(self) -> dict[str, object]:
        """The JSON object of `crawl --json`."""
        status = self.status
        return {
            "campaign": status.campaign.id,
            "state": str(status.state),
            "seconds": round(self.seconds, 2),
            "pages": status.pages,
            "pages_per_second": round((status.pages - self.pages_before) / self.seconds, 2) if self.seconds else 0.0,
            "failed_pages": status.failed_pages,
            "sites": self.sites(),
            "findings": dict(self.findings),
        }

    def sites(self) -> dict[str, int]:
        """The total and the number in each state; states of unfinished sites only where there are any."""
        counts = self.status.sites
        return (
            {"total": sum(counts.values())}
            | {str(state): counts.get(state, 0) for state in _DONE}
            | {str(state): number for state, number in counts.items() if state not in _DONE and number}
        )

    def lines(self) -> Iterator[tuple[str, object]]:
        """Names and values for people."""
        document = self.document()
        yield "campaign", f"{document['campaign']} ({document['state']})"
        yield "time", f"{self.seconds:.1f} s"
        new = self.status.pages - self.pages_before
        now = f" ({document['pages_per_second']} a second)" if new else ""
        earlier = f", {self.pages_before if new else 'all'} of them earlier" if self.pages_before else ""
        yield "pages", f"{document['pages']}{now}{earlier}, {document['failed_pages']} not had"
        yield "sites", ", ".join(f"{number} {state}" for state, number in self.sites().items())
        yield "findings", ", ".join(f"{number} {category}" for category, number in sorted(self.findings.items())) or "none"


def site_document(site: SiteStatus, findings: int) -> dict[str, object]:
    """A line of `campaign show`: `reason` is a word of the failure taxonomy, null where there is none."""
    return {
        "id": site.id,
        "url": site.url,
        "state": str(site.state),
        "reason": str(site.reason) if site.reason else None,
        "pages": site.pages,
        "failed_pages": site.failed_pages,
        "findings": findings,
        "round": site.round or None,
        "next_round": iso(site.next_round) if site.next_round else None,
        "unchanged_pages": site.unchanged_pages,
        "left_out": site.left_out,
    }


def campaign_document(status: CampaignStatus, sites: list[dict[str, object]]) -> dict[str, object]:
    """The JSON object of `campaign show ID --json`."""
    return {
        "id": status.campaign.id,
        "state": str(status.state),
        "started": iso(status.campaign.started),
        "finished": iso(status.finished) if status.finished else None,
        "pages": status.pages,
        "failed_pages": status.failed_pages,
        "round": status.round or None,
        "next_round": iso(status.next_round) if status.next_round else None,
        "sites": sites,
    }
