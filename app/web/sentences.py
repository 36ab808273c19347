"""What a person reads when something went wrong: one sentence for each class of error, in the catalogue's languages."""

from app.web.languages import mark, translate
from app.web.security import ForgedForm
from care.cases.errors import (
    AlreadyTaken,
    AnotherOpen,
    EmptyReply,
    MoveNotOpen,
    NotHeld,
    OutcomeMissing,
    ReplyTooLong,
    TooLateToUndo,
    Unanswered,
)
from care.editions.errors import BundleBroken, GateClosed, NoEdition
from care.families.errors import UnknownReturnCode
from care.gaps.errors import BegunAlready
from care.homework import errors as homework
from care.recalls.errors import AlreadyRecalled, CorrectionMissing, NoSuchSince
from care.roster.errors import DayIsPast, NoTime, NotOnDuty, OwnSubstitute, StandsAlready
from care.safeguarding.errors import ReasonMissing as ReasonMissingForLook
from care.safeguarding.errors import ReasonNeeded
from kit.accounts.errors import LastAdministrator, LoginTaken, SignInRefused, WeakPassword
from kit.errors import Invalid, NotAllowed, NotFound, PeibanError, Unavailable, WrongState
from kit.limits import TooManyAttempts
from kit.sealing import SealBroken
from kit.tokens import TokenInvalid
from knowledge.content import Lang
from knowledge.errors import (
    EmptyCurriculum,
    EmptyDraft,
    NoEarlierEdition,
    NoSuchDay,
    NotBuilt,
    NotNewest,
    NotScrap,
    OwnRevision,
    ReasonMissing,
    SameExpert,
    SavedMeanwhile,
    Unfinished,
    UnknownEdition,
    UnreviewedPassages,
)

_SENTENCES: dict[type[PeibanError], str] = {
    NotFound: mark("没有找到这一页。可能是地址不对，也可能不归您看。"),
    NotAllowed: mark("您的身份还不能做这件事。需要的话，请和管理员说一声。"),
    WrongState: mark("现在做不了这一步，可能刚才有人先动过了。请刷新看看最新的情况。"),
    Invalid: mark("填的内容不太对，请检查一下再试。"),
    Unavailable: mark("系统有一部分暂时没有回应，请过一会儿再试。"),
    ForgedForm: mark("这一页放得太久了。请返回，刷新页面，再做一次。"),
    TooManyAttempts: mark("试的次数太多了，请过 %(minutes)s 分钟再来。"),
    TokenInvalid: mark("这个链接已经用过，或者过期了。请让给您链接的人再发一个。"),
    SignInRefused: mark("登录名或密码不对，也可能是一次性密码过期了。请再试一次；还是不行，请管理员重置。"),
    LoginTaken: mark("登录名「%(login)s」已经有人用了，请换一个。"),
    WeakPassword: mark("密码至少要 10 个字符，也不能和登录名一样。"),
    LastAdministrator: mark("这是最后一位管理员，不能停用。请先请一位新的管理员进来。"),
    AlreadyTaken: mark("%(name)s 已经接手了这个求助，您不用再接。"),
    NotHeld: mark("请先接手这个求助，再做这一步。"),
    MoveNotOpen: mark("这个求助现在走不了这一步，请看看它最新的情况。"),
    AnotherOpen: mark("这家人同一件事已经有新的求助（%(case_id)s 号），请到那里继续。"),
    TooLateToUndo: mark("这条回复已经发出去，撤不回来了。可以再发一条说明。"),
    EmptyReply: mark("回复不能空着。"),
    ReplyTooLong: mark("太长了，没有发出去：最多 %(most)s 个字，多了 %(over)s 个。您写的都还在，请删短或者分成两条。"),
    Unanswered: mark("还没有结束：她说了话，还没有回。请先看看下面这一句。"),
    OutcomeMissing: mark("紧急的求助要选一个结果，再写一句后来怎样（500 字以内），才能结束。"),
    SealBroken: mark("这个电话打不开了：保存它时用的密钥已经换了。请在对话里再问一次。"),
    NoTime: mark("请选每周哪几天，或者只填一天，再填从几点到几点。"),
    DayIsPast: mark("日子不对：已经过去了，或者最后一天比第一天早。"),
    NotOnDuty: mark("只有指导员和管理员能值班、能替班。"),
    OwnSubstitute: mark("替班的要是另一个人。"),
    StandsAlready: mark("%(name)s 那个时候在这里已经有班了。"),
    ReasonNeeded: mark("这是一件要保护的事，请先写为什么看，再做这一步。"),
    ReasonMissingForLook: mark("请写两个字以上，200 个字以内。"),
    UnknownEdition: mark("没有这一版。"),
    EmptyCurriculum: mark("还没有一篇审定的内容，生成不了新的一版。"),
    UnreviewedPassages: mark("这一版里还有 %(count)s 篇没有经过本地专家审核，正式使用时不能发布。"),
    NotBuilt: mark("这一版还没有生成好，请等它完成再发布。"),
    NoEarlierEdition: mark("前面没有更早发布过的版本，退不回去。"),
    GateClosed: mark("这一版没有通过发布前的检查，所以没有发布。"),
    NoEdition: mark("还没有发布任何一版内容。"),
    BundleBroken: mark("这一版的文件不完整，没有启用。请重新生成一次。"),
    SavedMeanwhile: mark("您在写的时候，别人存了新的一稿。请刷新看看。"),
    NotNewest: mark("这一篇刚才有了新的一稿，请先看看新的，再做这一步。"),
    OwnRevision: mark("自己写的不能自己审，请另一位同事来。"),
    SameExpert: mark("这位专家已经审过这一篇了。要两个人审的，请另一位专家来。"),
    NoSuchDay: mark("「什么时候再看一遍」要选今天以后的日子，最晚 %(latest)s。"),
    NotScrap: mark("只能丢掉自己写的、从来没有送审过的草稿。别的可以停用。"),
    Unfinished: mark("还有没写完的地方，补好了才能送审。"),
    ReasonMissing: mark("请写一句为什么，好让别人明白。"),
    EmptyDraft: mark("还一个字都没有写。"),
    homework.MoveNotOpen: mark("这份作业现在走不了这一步，请看看它最新的情况。"),
    homework.IncompleteComment: mark("四个小格都要写，每格不超过 300 个字；要是录了音，可以不写。"),
    homework.PartTooLong: mark("有一格太长了：每格最多 %(most)s 个字，多了 %(over)s 个。您写的都还在下面。"),
    homework.NotMine: mark("请先点「我来点评」，再做这一步。"),
    homework.LinkExpired: mark("这个链接过期了，请回到作业那一页重新打开。"),
    AlreadyRecalled: mark("%(name)s 已经把这一篇停用并发了更正，不用再发一次。"),
    CorrectionMissing: mark(
        "更正要用中文写清楚：哪里说错了，对的是什么。%(shortest)s 到 %(longest)s 个字；英文也不超过 %(longest)s 个。"
    ),
    NoSuchSince: mark("「从哪天起」要选今天或者以前的日子。"),
    BegunAlready: mark("这些问题刚才已经有人开始写了，请刷新看看。"),
    UnknownReturnCode: mark("没有找到这个号码，可能输错了，也可能过期了。"),
}


def sentence_for(error: PeibanError, lang: Lang) -> str:
    """The sentence of the error's class, or of the nearest class above it that has one."""
    kinds = [kind for kind in (*type(error).__mro__, Invalid) if kind in _SENTENCES]
    for kind in kinds:
        try:
            return translate(_SENTENCES[kind], lang) % error.facts
        except KeyError:
            continue  # it needs a fact that nobody gave: the wider meaning says less, but nothing wrong
    raise AssertionError("the five meanings need no facts")
