"""What every page of the console shows around its content: where one can go, and what was just done."""

from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse

from app.console.alarm import alarm_for
from app.web.languages import mark
from app.web.readers import reader_of
from app.web.templating import page
from care.people.access import Verb, may
from kit.accounts.models import Staff

DONE = {
    "taken": mark("这个求助现在由您负责。"),
    "acknowledged": mark("记下了，先不再叫别人。十分钟内请接手，不然会接着往上叫。"),
    "sent": mark("回复已经发出。"),
    "held": mark("回复一分钟后发给家长，在这之前可以撤回。"),
    "undone": mark("回复撤回来了，家长没有看到。"),
    "handed": mark("已经转给同事。"),
    "put_back": mark("已经放回等待的求助里，同事都能接手。"),
    "closed": mark("这个求助已经结束。"),
    "proposed": mark("已经交给编辑。编辑写好、审过以后，才会给家长看。"),
    "building": mark("新的一版正在生成，可以离开这一页。"),
    "published": mark("已经发布，家长的下一个问题就用这一版回答。"),
    "rolled_back": mark("已经退回上一版。"),
    "settled": mark("已经记为处理过。"),
    "password": mark("密码已经改好，别处的登录都已退出。"),
    "on_duty": mark("记下了，您在岗。"),
    "off_duty": mark("您现在不在岗，不会收到新的求助。"),
    "passed_on": mark("您现在不在岗。手上的紧急求助已经放回去，谁值班就叫谁来接。"),
    "put_on_duty": mark("排上了。"),
    "taken_off_duty": mark("这个班去掉了。"),
    "leave_given": mark("请假记下了，她的班由替班的人来。"),
    "leave_ended": mark("请假去掉了。"),
    "revoked": mark("账号已经停用，手上的求助都放回等待里了。"),
    "named": mark("指定好了，她可以看要保护的事。"),
    "unnamed": mark("她不能再看要保护的事了；手上正负责的还看得到，请转给别人。"),
    "assigned": mark("负责的地方改好了。"),
    "taken_over": mark("这份作业现在由您点评。"),
    "commented": mark("点评已经发给家长。"),
    "held_back": mark("这一张拦下来了，只有专人看得到。"),
    "released": mark("放行了，老师看得到这一张了。"),
    "removed": mark("这一张已经删掉。"),
    "saved": mark("存好了。家长还看不到，审过、发布了才看得到。"),
    "submitted": mark("已经交给同事审核。"),
    "look_first": mark("存好了，还没有送审：先看看下面标出来的地方。要改就改；不用改，就点「看过了，照样送审」。"),
    "dropped": mark("这份草稿已经丢掉。"),
    "uninvited": mark("这份邀请收回了，链接已经打不开。"),
    "vouched": mark("记下了，您审过了。这一类还要再有一个人审。"),
    "approved": mark("审定了，下一版就用这一稿。"),
    "sent_back": mark("已经退回去改。"),
    "retired": mark("已经停用，下一版里就没有这一篇了。"),
    "noted": mark("说的话记下了。"),
    "recalled": mark("停用了，家长问到时不会再用这一篇。更正正在一位一位地发。"),
    "begun": mark("草稿开好了，家长的问法已经在里面。写好、审过、发布以后，问过的家长会收到一声告诉。"),
    "welcome": mark("账号开好了，欢迎您。"),
}


@dataclass(frozen=True, slots=True)
class Way:
    url: str
    label: str
    icon: str


_WAYS: tuple[tuple[Verb | None, Way], ...] = (
    (Verb.SEE_CASES, Way("/console/cases", mark("求助"), "cases")),
    (Verb.SEE_HOMEWORK, Way("/console/homework", mark("作业"), "homework")),
    (Verb.SEE_PASSAGES, Way("/console/passages", mark("内容"), "passages")),
    (Verb.SEE_EDITIONS, Way("/console/editions", mark("内容版本"), "editions")),
    (Verb.SEE_CASES, Way("/console/duty", mark("值班"), "duty")),
    (Verb.MANAGE_STAFF, Way("/console/staff", mark("同事"), "staff")),
    (None, Way("/console/me", mark("我的账号"), "me")),
)


def ways_of(me: Staff) -> list[Way]:
    return [way for verb, way in _WAYS if verb is None or may(me, verb)]


def show(request: Request, name: str, /, *, status: int = 200, **facts: object) -> HTMLResponse:
    """The page `console/name` for whoever is signed in."""
    me = reader_of(request).staff
    ways = ways_of(me) if me and not me.must_change_password else []
    alarm = alarm_for(request.app.state.services, me) if me else None
    just_done = request.query_params.get("done", "")
    done = DONE.get(just_done, "")
    return page(request, f"console/{name}", status=status, me=me, alarm=alarm, ways=ways, done=done, just_done=just_done, **facts)


def back_to(url: str, *, done: str = "") -> RedirectResponse:
    """After a form: to a page that may be loaded again without doing anything twice."""
    path, _, anchor = url.partition("#")
    return RedirectResponse(path + (f"?done={done}" if done else "") + (f"#{anchor}" if anchor else ""), status_code=303)
