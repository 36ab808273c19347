"""The few words that exist in Telegram only: what each command does, and the sentence for groups. All else is bot.wording's."""

from collections.abc import Iterator

from kit.catalogue import translations
from knowledge.content import Lang

Commands = dict[str, str]

PARENT_COMMANDS: Commands = {
    "menu": "看有哪些内容",
    "guide": "这个月的指导",
    "courses": "家长课堂",
    "homework": "亲子小任务",
    "child": "娃儿多大、叫啥",
    "person": "找老师本人",
    "privacy": "我们记了哪些、怎么删",
    "help": "怎么用",
}
STAFF_COMMANDS: Commands = {
    "cases": "等着回复的家长",
    "on": "我在岗",
    "off": "我休息",
    "console": "打开工作台",
    "help": "怎么用",
}
WRITE_PRIVATELY = "这里人多，您和娃儿的事请点我的头像，单独给我发消息。"


def described(commands: Commands, lang: Lang) -> Iterator[tuple[str, str]]:
    for name, words in commands.items():
        yield name, in_lang(words, lang)


def in_lang(words: str, lang: Lang) -> str:
    return translations("bot", lang).gettext(words)
