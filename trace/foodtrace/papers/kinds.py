"""Which papers there are: their names, what they prove, and where they are good.

Version 1 of the table. Sources: 动物检疫证明 forms, 农业农村部 (A across provinces, B inside one);
生猪屠宰管理条例 (meat inspection); 农业农村部公告 119 of 2019 (a PCR-negative African swine fever test
is good across provinces, a strip test inside one); 农产品质量安全法 36-39 (承诺达标合格证). A paper of a
kind that isn't listed is kept and shown, and proves nothing that is due.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from foodtrace.codes import canonical


class Proof(StrEnum):
    """What a paper proves; several kinds may prove the same, one of them under the same code."""

    ANIMAL_QUARANTINE = "animal_quarantine"
    PRODUCT_QUARANTINE = "product_quarantine"
    MEAT_INSPECTION = "meat_inspection"
    ASF_TEST = "asf_test"
    CONFORMITY_PROMISE = "conformity_promise"
    ORIGIN_PROOF = "origin_proof"
    TEST_CERTIFICATE = "test_certificate"
    IMPORT_QUARANTINE = "import_quarantine"


class Scope(StrEnum):
    """Where a paper is good."""

    IN_PROVINCE = "in_province"
    NATIONAL = "national"


@dataclass(frozen=True, slots=True)
class PaperKind:
    """A kind of paper; `scope` is what the form alone says, None where the paper has to say it."""

    code: str
    zh: str
    en: str
    proves: tuple[Proof, ...]
    scope: Scope | None = None
    aliases: tuple[str, ...] = ()


_ANIMAL, _PRODUCT = (Proof.ANIMAL_QUARANTINE,), (Proof.PRODUCT_QUARANTINE,)
_ASF = (Proof.ASF_TEST,)
_INSIDE, _ACROSS = Scope.IN_PROVINCE, Scope.NATIONAL

_KINDS = (
    # As written without its form it may be the animals' certificate or the meat's.
    PaperKind(
        "animal_quarantine",
        "动物检疫合格证明",
        "animal quarantine certificate",
        (*_ANIMAL, *_PRODUCT),
        aliases=("检疫合格证明", "检疫证", "动物检疫证明", "quarantine"),
    ),
    PaperKind(
        "animal_quarantine_a",
        "动物检疫合格证明(动物A)",
        "quarantine certificate of animals, across provinces",
        _ANIMAL,
        _ACROSS,
        ("动物A证",),
    ),
    PaperKind(
        "animal_quarantine_b",
        "动物检疫合格证明(动物B)",
        "quarantine certificate of animals, inside the province",
        _ANIMAL,
        _INSIDE,
        ("动物B证",),
    ),
    PaperKind(
        "product_quarantine",
        "动物产品检疫合格证明",
        "quarantine certificate of animal products",
        _PRODUCT,
        aliases=("动物检疫合格证明(产品)", "动物产品检疫证明"),
    ),
    PaperKind(
        "product_quarantine_a",
        "动物检疫合格证明(产品A)",
        "quarantine certificate of animal products, across provinces",
        _PRODUCT,
        _ACROSS,
        ("产品A证", "动物产品检疫合格证明(产品A)"),
    ),
    PaperKind(
        "product_quarantine_b",
        "动物检疫合格证明(产品B)",
        "quarantine certificate of animal products, inside the province",
        _PRODUCT,
        _INSIDE,
        ("产品B证", "动物产品检疫合格证明(产品B)"),
    ),
    PaperKind(
        "meat_inspection",
        "肉品品质检验合格证",
        "meat quality inspection certificate",
        (Proof.MEAT_INSPECTION,),
        aliases=("肉品品质检验合格证明", "肉检证"),
    ),
    PaperKind(
        "asf_test",
        "非洲猪瘟检测报告",
        "African swine fever test report",
        _ASF,
        aliases=("非洲猪瘟检测结果", "非瘟检测报告", "asf_report"),
    ),
    PaperKind(
        "asf_test_pcr",
        "非洲猪瘟检测报告(PCR)",
        "African swine fever test report, PCR",
        _ASF,
        _ACROSS,
        ("非洲猪瘟PCR检测报告", "asf_pcr"),
    ),
    PaperKind(
        "asf_test_strip",
        "非洲猪瘟检测报告(试纸条)",
        "African swine fever test report, strip",
        _ASF,
        _INSIDE,
        ("非洲猪瘟试纸条检测报告", "非洲猪瘟检测报告(试纸)", "asf_strip"),
    ),
    PaperKind(
        "conformity_promise",
        "承诺达标合格证",
        "promise that the produce conforms",
        (Proof.CONFORMITY_PROMISE,),
        aliases=("食用农产品承诺达标合格证", "食用农产品合格证"),
    ),
    PaperKind(
        "origin_proof",
        "产地证明",
        "proof of origin",
        (Proof.ORIGIN_PROOF,),
        aliases=("食用农产品产地证明",),
    ),
    PaperKind(
        "test_certificate",
        "检测合格证",
        "certificate of a passed test",
        (Proof.TEST_CERTIFICATE,),
        aliases=("检测合格证明", "质量检测合格证明", "检测报告"),
    ),
    PaperKind(
        "import_quarantine",
        "入境货物检验检疫证明",
        "inspection and quarantine certificate of imported goods",
        (Proof.IMPORT_QUARANTINE,),
        _ACROSS,
        ("检验检疫证明", "入境检验检疫证明"),
    ),
)

#: Code -> kind, in the order of the documentation.
PAPER_KINDS: Mapping[str, PaperKind] = MappingProxyType({kind.code: kind for kind in _KINDS})

_NAMED = {canonical(name): kind for kind in _KINDS for name in (kind.code, kind.zh, *kind.aliases)}
_SCOPES = {
    canonical(name): scope
    for scope, names in {
        Scope.IN_PROVINCE: ("in_province", "in-province", "省内", "限省内", "仅限省内", "本省"),
        Scope.NATIONAL: ("national", "全国", "跨省", "国内"),
    }.items()
    for name in names
}


def kind_of(written: str) -> PaperKind | None:
    """The kind that a document means, by code or any name; None for one that isn't listed."""
    return _NAMED.get(canonical(written))


def scope_of(written_kind: str, written_scope: str | None) -> Scope | None:
    """Where a paper is good: as it says itself, else as its form says, else None (not known)."""
    if written_scope is not None and (said := _SCOPES.get(canonical(written_scope))) is not None:
        return said
    kind = kind_of(written_kind)
    return None if kind is None else kind.scope
