"""The report of an import."""

from samplewise.formats.import_report import Finding, Findings, ImportReport


def test_a_report_is_read_from_what_a_table_stores():
    findings = Findings("labels.json")
    findings.repair("boxes turned", *"abcdefg")
    findings.repair("boxes turned", "h", count=3)
    findings.keep("flat boxes", "x")
    source = {"repaired": findings.repaired, "kept": findings.kept}
    assert ImportReport.of(source) == findings.report
    assert findings.report.repaired == {"boxes turned": Finding(10, tuple("abcde"))}


def test_nothing_found_is_not_entered():
    findings = Findings("labels.json")
    findings.repair("boxes turned")
    findings.keep("boxes turned", count=0)
    assert findings.report == ImportReport()


def test_a_report_reads_as_lines():
    report = ImportReport({"a": Finding(7, ("1", "2"))}, {"b": Finding(1, ("3",))})
    assert str(report) == "repaired: a: 7 (1, 2, ...)\nkept: b: 1 (3)"
    assert str(ImportReport()) == "nothing to report"
