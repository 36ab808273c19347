"""Words of the small questions we ask her: the child, the place, words for a person."""

from collections.abc import Sequence

from bot.dialogue.events import Button
from bot.wording.families import four_doors
from bot.wording.rendering import Rows, View, Worded, label, small, text, words
from care.families.models import Child
from care.places import queries as places
from care.places.models import Level, Place
from care.text import age_in_words
from kit import clock


def _skip(view: View) -> tuple[Button, ...]:
    return (Button(view._("先不说"), f"f:{view.facts['version']}:skip"),)


@words("ask_child_year")
def ask_year(view: View) -> Worded:
    version, year = view.facts["version"], clock.today().year
    if view.facts.get("told") is not None:
        return _confirm_age(view)
    years = [Button(str(year - back), f"f:{version}:{year - back}") for back in range(7)]
    rows = (tuple(years[:4]), tuple(years[4:]), (Button(view._("还没出生"), f"f:{version}:expected"),), _skip(view))
    return (text(view._("孩子是哪一年生的？告诉我，以后就按月龄答。点一下，或者写「2024年3月」「一岁半」都行。")),), rows


def _confirm_age(view: View) -> Worded:
    """Instead of asking what she has told us a moment ago."""
    version, told = view.facts["version"], view.facts["told"]
    said = view._("您说的孩子是{age}，我记下来？以后就按这个月龄答。", age=age_in_words(told, view.lang))
    answers = (Button(view._("对，记下"), f"f:{version}:age-{told}"), Button(view._("不是"), f"f:{version}:other-age"))
    return (text(said),), (answers, _skip(view))


@words("ask_child_month")
def ask_month(view: View) -> Worded:
    version = view.facts["version"]
    months = [Button(view.month(month), f"f:{version}:{month}") for month in range(1, 13)]
    rows = tuple(tuple(months[start : start + 4]) for start in range(0, 12, 4))
    expected = view.facts.get("year") == "expected"
    asked = view._("预产期是几月？") if expected else view._("几月生的？")
    return (text(asked),), (*rows, _skip(view))


@words("ask_child_name")
def ask_name(view: View) -> Worded:
    return (text(view._("平时怎么叫孩子？写个小名就行，比如「豆豆」。")),), (_skip(view),)


@words("ask_child_early")
def ask_early(view: View) -> Worded:
    version = view.facts["version"]
    weeks = (
        (view._("足月生的"), 0),
        (view._("早了约1个月"), 4),
        (view._("早了约2个月"), 8),
        (view._("早了约3个月"), 12),
    )
    rows = tuple((Button(label, f"f:{version}:{early}"),) for label, early in weeks)
    return (text(view._("是足月生的吗？早产的孩子，头两年我从预产期算起。")),), (*rows, _skip(view))


@words("ask_whose_child")
def ask_whose(view: View) -> Worded:
    """Asked only where the answer turns on it, once in a talk."""
    version = view.facts["version"]
    known = [child for key in view.facts["child_ids"] if (child := view.session.get(Child, key))]
    rows = tuple((Button(label(child_line(view, child)), f"f:{version}:{child.key}"),) for child in known)
    said = view._("您问的是哪个孩子？月龄不同，答的不一样。点一下，这会儿就按这个孩子答。")
    return (text(said),), (*rows, (Button(view._("都不是，直接答"), f"f:{version}:skip"),))


@words("child_saved")
def child_saved(view: View) -> Worded:
    child = view.session.get(Child, view.facts["child_id"])
    if child is None:
        return (text(view._("好的。")),), ()
    said = view._("记下了：{child}。", child=child_line(view, child))
    age, corrected = child.age_months(clock.today()), child.corrected_months(clock.today())
    if corrected is not None and corrected != age:
        said += view._("早产的孩子从预产期算起，我按{age}答您。", age=age_in_words(corrected, view.lang))
    return (text(said),), (
        (Button(view._("看看适合的内容"), "menu"), Button(view._("亲子小任务"), "hw")),
        (Button(view._("还有一个孩子"), "addchild"),),
    )


def child_line(view: View, child: Child) -> str:
    """「豆豆，2岁半」."""
    name = child.nickname or view._("孩子")
    age = child.age_months(clock.today())
    if child.expected and child.birth_month and age is not None and age < 1:
        due = view._("预产期{month}", month=view.month(child.birth_month.month))
        return view._("{name}，{due}", name=name, due=due) if age == 0 else view._("{name}，还没出生，{due}", name=name, due=due)
    return view._("{name}，{age}", name=name, age=age_in_words(age, view.lang)) if age is not None else name


@words("children")
def children(view: View) -> Worded:
    known = [child for key in view.facts["child_ids"] if (child := view.session.get(Child, key))]
    if not known:
        return (text(view._("还没有记孩子的月龄。记了，我答得更准。")),), ((Button(view._("记一下"), "addchild"),),)
    rows = tuple((Button(label(child_line(view, child)), f"pick:{child.key}"),) for child in known)
    return (text(view._("您问的是哪个孩子？点一下，就按这个孩子的月龄答。")),), (
        *rows,
        (Button(view._("还有一个孩子"), "addchild"), Button(view._("我在哪里"), "place")),
        (Button(view._("家里人一起用"), "share"),),
    )


@words("ask_place_name")
def ask_place(view: View) -> Worded:
    """Ten buttons and not forty: the others are quicker typed than found."""
    said = view._("您在哪个区县？我好请当地的老师来答。下面没有的，打名字就行，打头一个字、拼音字母也认得。")
    return (text(said),), (*_places(view, places.biggest(view.session)), _skip(view))


def _places(view: View, offered: Sequence[Place]) -> Rows:
    version = view.facts["version"]
    buttons = [Button(label(_short(place.name)), f"f:{version}:{place.key}") for place in offered]
    return tuple(tuple(buttons[start : start + 3]) for start in range(0, len(buttons), 3))


@words("place_choose")
def place_choose(view: View) -> Worded:
    """What is near to what she typed; a township with its district, as several bear the same name."""
    version = view.facts["version"]
    offered = [place for key in view.facts["place_ids"] if (place := view.session.get(Place, key))]
    rows = tuple((Button(label(_named(view, place)), f"f:{version}:{place.key}"),) for place in offered)
    return (text(view._("您说的是哪一个？没有的话，再打一次名字。")),), (*rows, _skip(view))


def _named(view: View, place: Place) -> str:
    above = view.session.get(Place, place.parent_id) if place.level is Level.TOWNSHIP and place.parent_id else None
    return f"{_short(above.name)} {place.name}" if above else _short(place.name)


def _short(name: str) -> str:
    """「酉阳土家族苗族自治县」 on a button is 「酉阳县」."""
    for long, brief in (("土家族苗族自治县", "县"), ("苗族土家族自治县", "县"), ("土家族自治县", "县"), ("西部科学城重庆", "")):
        name = name.replace(long, brief)
    return name


@words("place_unknown")
def place_unknown(view: View) -> Worded:
    said = view._("这个名字我还不认得。请打您的区县，比如「荣昌」，或者点「先不说」。")
    return (text(said),), ask_place(view)[1]


@words("place_saved")
def place_saved(view: View) -> Worded:
    return (text(view._("记下了：{place}。", place=view.facts["place"])),), ()


@words("ask_person_words")
def ask_person(view: View) -> Worded:
    said = view._("想跟老师说什么？打字、发语音、发照片都行，我转给老师。")
    return (text(said), small(view._("孩子喊不醒、喘不上气、抽筋：先打120。"))), (_skip(view),)


@words("ask_phone_number")
def ask_phone(view: View) -> Worded:
    said = view._("请写一个能打通的电话号码。号码加密存着，只有接手这个求助的人看得到，每看一次都有记录。120、110先打，不要等。")
    return (text(said),), (_skip(view),)


@words("phone_wrong")
def phone_wrong(view: View) -> Worded:
    return (text(view._("这个号码好像不对，请再写一次，比如 13812345678，座机带上区号。")),), (_skip(view),)


@words("phone_kept")
def phone_kept(view: View) -> Worded:
    return (text(view._("号码记下了，接手的人看得到。换号码就再点一次那个按钮。120、110先打，不要等电话。")),), ()


@words("skipped")
def skipped(view: View) -> Worded:
    return (text(view._("好的，以后想说再说。您接着问就行。")),), four_doors(view) if view.facts.get("flow") == "person" else ()
