"""Papers: kinds and their names, the table paper x operation, what is due, and whether one holds."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from foodtrace.lots import LotKind
from foodtrace.papers import (
    PAPER_KINDS,
    PASSAGES,
    Attached,
    Drawn,
    Operation,
    Origin,
    Passage,
    Proof,
    Scope,
    Step,
    Use,
    Why,
    due,
    expired,
    kind_of,
    missing,
    operation_of,
    overdrawn,
    paper_passes,
    papers_of,
    province_of,
    scope_of,
    standing,
    two_species,
    wrong_scope,
)

DAY = date(2026, 5, 21)
KG = 1_000_000


def paper(lot: str, kind: str, delivery: object = None, **more: object) -> Attached[str]:
    """A paper as a document shows it."""
    return Attached(
        lot=lot,
        delivery=delivery or f"to {lot}",
        kind=kind,
        number="N1",
        **more,  # type: ignore[arg-type]
    )


def step(parent: str, child: str, operation: Operation = Operation.HANDOVER) -> Step[str]:
    """A link by a line of its own for each child."""
    return Step(parent=parent, child=child, operation=operation, delivery=f"to {child}")


PORK_PAPERS = ("动物检疫合格证明（产品B）", "肉品品质检验合格证", "非洲猪瘟检测报告")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("动物检疫合格证明（动物A）", "animal_quarantine_a"),
        ("动物检疫合格证明（产品B）", "product_quarantine_b"),
        ("肉品品质检验合格证", "meat_inspection"),
        ("非洲猪瘟检测报告", "asf_test"),
        ("ASF_strip", "asf_test_strip"),
        ("承诺达标合格证", "conformity_promise"),
        ("入境货物检验检疫证明", "import_quarantine"),
    ],
)
def test_a_kind_is_known_by_code_and_name(written: str, code: str) -> None:
    found = kind_of(written)
    assert found is not None
    assert found.code == code
    assert kind_of(code) is found


def test_every_name_means_one_kind_and_all_proofs_are_proven_by_some_kind() -> None:
    names = [name for kind in PAPER_KINDS.values() for name in (kind.code, kind.zh, *kind.aliases)]
    assert len(names) == len(set(names))
    assert {proof for kind in PAPER_KINDS.values() for proof in kind.proves} == set(Proof)
    assert all(proof in PAPER_KINDS[proof].proves for proof in Proof)
    assert set(PASSAGES) == {(proof, operation) for proof in Proof for operation in Operation}
    assert kind_of("卫生许可证") is None


def test_where_a_paper_is_good() -> None:
    assert scope_of("asf_test", "省内") is Scope.IN_PROVINCE
    assert scope_of("asf_test", None) is None
    assert scope_of("asf_test_strip", None) is Scope.IN_PROVINCE
    assert scope_of("产品B证", "somewhere") is Scope.IN_PROVINCE
    assert scope_of("asf_test_strip", "national") is Scope.NATIONAL


@pytest.mark.parametrize(
    ("kind", "process", "ends", "operation"),
    [
        ("trade", None, (LotKind.TRACE, LotKind.TRACE), Operation.HANDOVER),
        ("trade", None, (LotKind.TRACE, LotKind.PROCESS), Operation.HANDOVER),
        ("packing", None, (LotKind.BATCH, LotKind.TRACE), Operation.SPLIT),
        ("transformation", "屠宰", (LotKind.TRACE, LotKind.PROCESS), Operation.SLAUGHTER),
        ("transformation", "Cutting", (LotKind.PROCESS, LotKind.TRACE), Operation.CUT),
        ("transformation", "sausage", (LotKind.PROCESS, LotKind.BATCH), Operation.PROCESS),
        ("transformation", "酿造", (LotKind.PROCESS, LotKind.BATCH), Operation.PROCESS),
        ("transformation", "slaughter", (LotKind.TRACE, LotKind.TRACE), Operation.HANDOVER),
        (None, None, (LotKind.TRACE, LotKind.POOL), Operation.HANDOVER),
    ],
)
def test_what_a_link_tells(
    kind: str | None, process: str | None, ends: tuple[LotKind, LotKind], operation: Operation
) -> None:
    assert operation_of(kind, process, *ends) is operation


def test_what_passes() -> None:
    assert paper_passes("肉品品质检验合格证", Operation.HANDOVER) is Passage.PASSES
    assert paper_passes("肉品品质检验合格证", Operation.CUT) is Passage.NOTE
    assert paper_passes("承诺达标合格证", Operation.REPACK) is Passage.NEW_DUE
    assert paper_passes("动物检疫合格证明（动物A）", Operation.SLAUGHTER) is Passage.NEW_DUE
    assert all(PASSAGES[proof, Operation.PROCESS] is Passage.NEW_DUE for proof in Proof)
    assert paper_passes("卫生许可证", Operation.SPLIT) is Passage.PASSES
    assert paper_passes("卫生许可证", Operation.CUT) is Passage.NEW_DUE


def test_two_certificates_and_a_report_reach_the_retail_cut_and_no_sausage() -> None:
    steps = [
        step("halves", "stall"),
        step("stall", "node", Operation.CUT),
        step("node", "cut", Operation.CUT),
        step("cut", "shop"),
        step("cut", "mincer", Operation.PROCESS),
        step("mincer", "sausage", Operation.PROCESS),
    ]
    attached = [paper("stall", kind) for kind in PORK_PAPERS]
    found = papers_of("shop", steps, attached)
    assert {each.paper.kind for each in found} == set(PORK_PAPERS)
    assert {(each.own, each.passage, each.notes) for each in found} == {
        (False, Passage.NOTE, (Operation.CUT,))
    }
    assert missing("shop", due("猪肉", DAY), steps, attached) == ()
    assert papers_of("sausage", steps, attached) == ()


def test_a_delivery_without_its_paper_is_a_gap_beside_one_with_it() -> None:
    steps = [
        Step(parent="farm", child="stall", operation=Operation.HANDOVER, delivery=1),
        Step(parent="other", child="stall", operation=Operation.HANDOVER, delivery=2),
        step("stall", "shop"),
    ]
    shown = [paper("stall", "承诺达标合格证", 1)]
    origins = [Origin(lot=lot, delivery=lot) for lot in ("farm", "other")]
    (gap,) = missing("shop", due("蔬菜", DAY), steps, shown, origins)
    assert (gap.lot, gap.why, gap.own, gap.certain) == ("other", Why.NOT_SHOWN, False, True)
    # A paper that came with no delivery (an inspection's) stands for all that is there.
    assert missing("shop", due("蔬菜", DAY), steps, [*shown, paper("stall", "产地证明", 3)]) == ()


def test_repacked_produce_needs_a_new_promise() -> None:
    steps = [step("stall", "node", Operation.REPACK), step("node", "bags", Operation.REPACK)]
    (gap,) = missing("bags", due("蔬菜", DAY), steps, [paper("stall", "产地证明")])
    assert (gap.lot, gap.why, gap.operation) == ("bags", Why.NEW_DUE, Operation.REPACK)
    assert gap.own
    again = [paper("bags", "承诺达标合格证")]
    assert missing("bags", due("蔬菜", DAY), steps, again) == ()


def test_a_rejected_paper_proves_nothing() -> None:
    origins = [Origin(lot="a", delivery="to a")]
    shown = [paper("a", "产地证明", verification="rejected")]
    assert missing("a", due("蔬菜", DAY), (), shown, origins)
    assert papers_of("a", (), shown)[0].own


def test_imports_need_their_paper_and_nothing_else() -> None:
    origins = [Origin(lot="a", delivery="to a", imported=True)]
    steps = [step("a", "b")]
    assert (
        missing("b", due("猪肉", DAY), steps, [paper("a", "入境货物检验检疫证明")], origins) == ()
    )
    (gap,) = missing("b", (), steps, (), origins)
    assert (gap.group, gap.lot) == (frozenset({Proof.IMPORT_QUARANTINE}), "a")
    domestic = [Origin(lot="a", delivery="to a")]
    assert missing("b", (), steps, (), domestic) == ()


def test_what_is_only_possible_stays_so() -> None:
    maybe = Step(
        parent="pool", child="b", operation=Operation.HANDOVER, delivery="to b", certain=False
    )
    (found,) = papers_of("b", [maybe], [paper("pool", "产地证明")])
    assert not found.certain
    (gap,) = missing("b", due("蔬菜", DAY), [maybe], ())
    assert not gap.certain


def test_expiry_counts_the_days_of_sale() -> None:
    late = DAY + timedelta(days=1)
    assert expired(DAY, [DAY, late, late]) == (late,)
    assert expired(None, [late]) == ()


def test_a_strip_test_is_good_in_its_province_only() -> None:
    assert wrong_scope("非洲猪瘟检测报告", "in_province", "35", ["35", "36", None]) == ("36",)
    assert wrong_scope("非洲猪瘟检测报告", "national", "35", ["36"]) == ()
    assert wrong_scope("产品B证", None, "35", ["44", "36"]) == ("36", "44")
    assert wrong_scope("产品B证", None, None, ["44"]) == ()
    assert province_of("350203") == "35"
    assert province_of("福建") is None


def test_children_together_overdraw_a_paper() -> None:
    covered = [("mass", 100 * KG)]
    lot = Use(received={"mass": 100 * KG}, opened={"mass": 100 * KG}, left={"mass": 120 * KG})
    assert overdrawn(covered, [lot]) == Drawn(dimension="mass", covered=100 * KG, used=120 * KG)
    two = [Use(received={"mass": 60 * KG}, opened={"mass": 60 * KG}) for _ in range(2)]
    assert overdrawn(covered, two) == Drawn(dimension="mass", covered=100 * KG, used=120 * KG)
    assert overdrawn(covered, two[:1]) is None


def test_what_came_without_the_paper_may_leave_without_it() -> None:
    lot = Use(received={"mass": 100 * KG}, opened={"mass": 150 * KG}, left={"mass": 140 * KG})
    assert overdrawn([("mass", 100 * KG)], [lot]) is None
    assert overdrawn([("片", 5 * KG)], [lot]) is None
    assert overdrawn([("片", 5 * KG), ("mass", 1)], [lot]) is None


def test_nothing_is_green_that_nobody_confirmed() -> None:
    assert standing("confirmed_by_issuer").green
    for word in ("declared", "seen", "rejected"):
        assert not standing(word).green
    assert standing("rejected").faults == ("paper.rejected",)
    late = standing("confirmed_by_issuer", sold_after=[DAY], outside=["36"])
    assert late.faults == ("paper.expired", "paper.wrong-scope")
    assert not late.green


def test_one_certificate_is_of_one_species() -> None:
    assert two_species(["猪肉", "生猪", None]) == ()
    assert two_species(["猪肉", "牛肉"]) == ("cattle", "pig")
