"""Demands for a dose: no passage answers them, however near it is found, because none may. A person does."""

import re

_MEDICINE = (
    r"(?:布洛芬|美林|对乙酰氨基酚|扑热息痛|泰诺林?|退[烧热]药|阿莫西林|头孢|抗生素|消炎药|感冒药|止咳(?:药|糖浆)|止泻药"
    r"|蒙脱石散?|打虫药|安眠药|阿司匹林|激素|ibuprofen|paracetamol|acetaminophen|tylenol|calpol|amoxicillin|antibiotics?|aspirin"
    r"|cough syrup|medicine)"
)
_AMOUNT = (
    r"(?:多少|好多|几(?:毫升|毫克|克|片|粒|颗|包|滴|次|勺)|剂量|用量|几顿|how much|how many|how often|dose|dosage|\bm[lg]\b)"
)
_DOSE = re.compile(f"{_MEDICINE}.{{0,16}}{_AMOUNT}|{_AMOUNT}.{{0,24}}{_MEDICINE}", re.IGNORECASE)


_NAMED = re.compile(_MEDICINE, re.IGNORECASE)
_ASKED = re.compile(_AMOUNT, re.IGNORECASE)


def asks_for_dose(text: str, *, before: str = "") -> bool:
    """`before` are the words that `text` goes on from: a medicine named there and an amount asked for here are one demand."""
    return _DOSE.search(text) is not None or bool(_NAMED.search(before) and _ASKED.search(text))
