"""The label check: labels ranked by how likely they are wrong, kinds of doubt, share of wrong labels, and groups."""

from embviz.label_check.confusion import Confusion, confusion
from embviz.label_check.kinds import KINDS, MEANING
from embviz.label_check.label_check import LabelCheck, check_labels
from embviz.label_check.reasons import COLUMNS, Doubt, doubts_csv, doubts_of, table_path, write_doubts
from embviz.label_check.suspicious import SuspiciousGroup, suspicious_groups
from embviz.label_check.wrong_share import WrongShare

__all__ = [
    "COLUMNS",
    "KINDS",
    "MEANING",
    "Confusion",
    "Doubt",
    "LabelCheck",
    "SuspiciousGroup",
    "WrongShare",
    "check_labels",
    "confusion",
    "doubts_csv",
    "doubts_of",
    "suspicious_groups",
    "table_path",
    "write_doubts",
]
