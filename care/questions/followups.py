"""A message that goes on from the question before it ("那晚上呢", "and if he won't"): how it looks, and which reading of it counts.

Pure rules on words and on two searches. Which question came before is read in queries.
"""

import re
from enum import StrEnum

from care.questions.considering import Considered
from care.questions.models import Outcome
from index.ages import age_and_rest, age_in
from index.text import Lang, guess_lang, regular

LONGEST_ZH, LONGEST_EN = 22, 12
"""In characters and in words. Whoever writes more tells enough."""
_SHORT_ZH, _SHORT_EN = 16, 8
_THIN = 2
_CLEARLY = 0.12
_NEARLY = 0.1


class Form(StrEnum):
    """How much a message shows of being a follow-up."""

    NONE = "none"
    SHORT = "short"  # a short question, and nothing else
    LINKED = "linked"  # "那…", "要是…", "…呢", "even if …"
    THIN = "thin"  # the same with hardly a word of its own: "数学呢"
    BARE = "bare"  # it names nothing at all: "那要喂好多"


_ANOTHER_CHILD = re.compile(
    r"老[大二三四幺]|大的|小的|大娃|小娃|二娃|二宝|大宝|另外?一?个(?:娃|孩子|宝)|别个?的?(?:娃|孩子)|哥哥|姐姐|弟弟|妹妹|侄|外甥|双胞胎"
    r"|\b(?:brother|sister|twin|nephew|niece|cousin|other (?:child|kid|baby)|second (?:child|one)|older one|younger one"
    r"|my (?:eldest|oldest|youngest))\b",
    re.IGNORECASE,
)
_BARE_ZH = re.compile(
    r"(?:谢谢|好的|嗯+|老师|那么?|然后|要是|如果|的话|话|呢|嘛|啊|哦|哈|吧|吗|不|没|了|的|才|就|会|能|可以|要|得|该|应该|是|好|行|正常|算|有|他们?|她们?|它"
    r"|娃儿?|孩子|宝宝|这个?|这样子?|这种|那个|那样|晚上|夜里|夜间|半夜|白天|早上|早晨|中午|下午|睡前|饭前|饭后|夏天|冬天|热天|冷天|平时"
    r"|每天|一天|天天|一[次顿回]|每次|一直|以后|之后|以前|多久|好久|多少|好多|多大|多高|多长|几[次天回点顿个月]*|什么时候|啥时候|哪个时候"
    r"|怎么|咋个?|啷个|办|为什么|为啥|什么|啥子?|做|弄|整|喂|吃|喝|给|用|擦|抹|洗|抱|睡|穿|带|停|见效|有用|管用|恢复|严重|要紧|没得|没有"
    r"|还|也|都|又|再|先|后|一样|一定|必须|需要|医院|去|看|医生|在|家里?|外面|出门|每|个|点|上|里|到|对|真的?|到底|大概|左右|着|过|完)+"
)
_TROUBLE_ZH = re.compile(r"(?:不|没|老|总|一直|才)(?:是|肯|想|爱|愿意|好好|会|去|得)*(?:吃|喝|睡|停|穿|洗|带|做)")
"""All small words, and yet a trouble of its own: "晚上不睡咋办"."""
_ASKS_ZH = re.compile(r"[呢吗嘛不]$|多[久少大高长]|好久|好多|几|怎么|咋|啷个|什么|啥|还是|行不|要不要|能不能|可不可以|为")
_LINKED_ZH = re.compile(
    r"^(?:那|要是|如果|万一|假如|即使|就算|换成|或者|然后|不然)|(?:呢|的话)$|(?:他|她)(?:要是|不|还)|^这[样种个]|刚才|[你您]说的|也要|也是|还要"
)
_BARE_EN = re.compile(
    r"(?:(?:and|but|or|so|then|what|how|about|if|even|when|why|where|which|long|much|many|often|soon|at|in|on|by|the|a|an|is|are|was|will|wont"
    r"|would|does|do|did|doesnt|dont|can|cant|could|should|shouldnt|must|have|has|to|it|its|that|this|these|those|them|they|he|hes|she|shes"
    r"|him|her|i|we|you|not|no|still|also|too|ok|okay|normal|safe|better|stop|stops|last|lasts|take|takes|until|till|before|after|night"
    r"|nights|day|days|daytime|morning|evening|every|each|time|times|week|month|more|less|again|same|help|helps|work|works|doing|need|for|there"
    r"|then|instead|outside|home|winter|summer)\s*)+"
)
_LINKED_EN = re.compile(
    r"^(?:and|but|or|so|then|what about|how about|even if|what if|if|same)\b|\b(?:that|this|it|them|those|these)$"
)
_NEXT = re.compile(
    r"^\s*(?:[他她它]|现在|刚刚|刚才|又|还|开始|后来|一直|这会儿|(?:he|she|it|now|and|then|also)\b)", re.IGNORECASE
)
_POINTS_BACK_EN = re.compile(r"^(?:and|but|or|so|even if|what if|even when)\b.*\b(?:that|this|it|them|those|these|other one)\b")
_ASKS_EN = re.compile(
    r"\?|^(?:and |but |or |so )?(?:what|how|when|why|where|which|if|is|are|do|does|did|can|could|should|would|will|even|at|in)\b"
)


def another_child(text: str) -> bool:
    """She speaks of a brother, a niece, the big one: what was said before was said of somebody else."""
    return _ANOTHER_CHILD.search(text) is not None


def tells_on(text: str) -> bool:
    """It begins like the next sentence of a story: "他刚刚…", "she now …"."""
    return _NEXT.search(text) is not None


def form_of(text: str) -> Form:
    """NONE for whatever is long, speaks of another child, or asks nothing. An age says nothing of what is asked."""
    if another_child(text):
        return Form.NONE
    asked = regular(text)
    told = age_and_rest(asked)
    rest = told[1] if told else asked
    if guess_lang(text) == "zh":
        return _form_zh("".join(character for character in rest if character.isalnum()))
    return _form_en(rest)


def _form_zh(bare: str) -> Form:
    if not 1 < len(bare) <= LONGEST_ZH or not (_ASKS_ZH.search(bare) or _LINKED_ZH.search(bare)):
        return Form.NONE
    linked = _LINKED_ZH.search(bare)
    if _BARE_ZH.fullmatch(bare) and (linked or not _TROUBLE_ZH.search(bare)):
        return Form.BARE
    if linked:
        return Form.THIN if len(_BARE_ZH.sub("", bare)) <= _THIN else Form.LINKED
    return Form.SHORT if len(bare) <= _SHORT_ZH else Form.NONE


def _form_en(text: str) -> Form:
    said = re.sub(r"[^a-z? ]", "", text.lower().replace("-", " ")).strip()
    words = said.replace("?", "").split()
    if not 1 < len(words) <= LONGEST_EN or not _ASKS_EN.search(said):
        return Form.NONE
    bare = " ".join(words)
    if _BARE_EN.fullmatch(bare) or _POINTS_BACK_EN.search(bare):
        return Form.BARE
    if _LINKED_EN.search(bare):
        return Form.LINKED
    return Form.SHORT if len(words) <= _SHORT_EN else Form.NONE


def joined(before: str, text: str) -> str:
    """Both as one text. An age told now takes the place of one told before."""
    told = age_and_rest(regular(before)) if age_in(regular(text)) is not None else None
    return f"{told[1].strip() if told else before}\n{text}"


def speaks_the_same(before: str, text: str) -> bool:
    """Two languages are not read as one text."""
    one: Lang = guess_lang(before)
    return one == guess_lang(text)


def goes_on(form: Form, *, alone: Considered, together: Considered, shown: str) -> bool:
    """Whether the reading with the question before counts. `shown` is the slug of the passage that answered that one.

    The words of the question before make every joined reading look certain, so certainty alone proves nothing: what she wrote now
    must have a say in it, unless it names nothing at all.
    """
    if form is Form.NONE or together.outcome not in (Outcome.ANSWER, Outcome.CHOOSE):
        return False
    if form is Form.BARE:
        return True
    if form is Form.SHORT:
        agree = together.best.slug == alone.best.slug
        return agree and alone.outcome is not Outcome.ANSWER and together.confidence >= alone.confidence + _CLEARLY
    if together.best.slug not in (shown, alone.best.slug):
        return together.outcome is Outcome.ANSWER and together.confidence >= alone.confidence - _NEARLY
    if alone.outcome is Outcome.ANSWER:
        return False
    return _clearly(alone, together) and (
        together.best.slug != shown or form is Form.THIN or alone.best.topic == together.best.topic
    )


def _clearly(alone: Considered, together: Considered) -> bool:
    return alone.outcome is Outcome.DECLINE or together.confidence >= alone.confidence + _CLEARLY
