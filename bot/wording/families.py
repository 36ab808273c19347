"""Words of welcome, help, privacy, and of what we could not use."""

from bot.dialogue.events import Button
from bot.wording.rendering import Rows, View, Worded, small, text, words
from care.families.models import Channel
from care.text import age_in_words


def four_doors(view: View) -> Rows:
    return (
        (Button(view._("直接问"), "ask"), Button(view._("看看目录"), "menu")),
        (Button(view._("我的孩子"), "child"), Button(view._("找老师"), "person")),
    )


@words("said")
def said(view: View) -> Worded:
    media = {"photo": view._("［照片］"), "voice": view._("［语音］"), "file": view._("［文件］")}.get(
        view.facts.get("media", ""), ""
    )
    return (text(" ".join(part for part in (media, view.facts.get("text", "")) if part)),), ()


@words("welcome")
def welcome(view: View) -> Worded:
    hello = view._("您好！养孩子遇到什么事，打字问我就行，用方言也可以。")
    who = view._(
        "我是一个电脑程序，由{operator}办。我只转告有出处的内容；答不上来的，还有语音和照片，我请老师来答。",
        operator=view.services.settings.operator_name,
    )
    urgent = view._("孩子喊不醒、喘不上气、抽筋：先打120。")
    site = view.facts.get("site")
    here = (small(view._("您从「{site}」来，我会请那边的老师帮您。", site=site)),) if site else ()
    return (text(hello), text(who), *here, small(urgent)), four_doors(view)


@words("ask_away")
def ask_away(view: View) -> Worded:
    return (text(view._("您说，我听着。比如：「八个月的娃可以吃蜂蜜不」「两岁还不说话怎么办」。")),), ()


@words("you_are_welcome")
def you_are_welcome(view: View) -> Worded:
    return (text(view._("不客气。有事随时来问。")),), ()


@words("sorry_no_help")
def sorry_no_help(view: View) -> Worded:
    said = view._("对不起，没帮到您。换个说法再问我一次，说上孩子多大、什么情况；或者直接找老师。")
    return (text(said),), ((Button(view._("找老师"), "person"), Button(view._("看看目录"), "menu")),)


@words("glad_of_news")
def glad_of_news(view: View) -> Worded:
    said = view._("太好了，替您高兴！孩子又长了一步。看看这个月还能陪孩子做什么？")
    return (text(said),), ((Button(view._("这个月的指导"), "guide"), Button(view._("看看目录"), "menu")),)


@words("age_told")
def age_told(view: View) -> Worded:
    age = age_in_words(view.facts["age_months"], view.lang)
    said = view._("好的，孩子{age}。您想问什么？问的时候带上孩子多大。", age=age)
    if view.facts["kept"]:
        said = view._("记下了，孩子{age}，我就按这个月龄答。您想问什么？", age=age)
    return (text(said),), ((Button(view._("这个月的指导"), "guide"), Button(view._("看看目录"), "menu")),)


@words("free_of_charge")
def free_of_charge(view: View) -> Worded:
    said = view._("不收钱。问我、找老师、看内容，都免费，也不卖东西。")
    return (text(said),), four_doors(view)


@words("about_return_code")
def about_return_code(view: View) -> Worded:
    """The old code stands nowhere here: only its print is kept."""
    on_page = view._(
        "换了手机，打开我们的网页，在最下面输入六位回访码，以前的话和老师的回信就找回来了。回访码我这里查不到，忘了就点「找老师」。"
    )
    in_chat = view._(
        "换了手机，登录您原来的 Telegram 账号，这里的话都还在。用网页的，要在最下面输入六位回访码；忘了就点「找老师」。"
    )
    return (text(in_chat if view.message.channel == Channel.TELEGRAM else on_page),), _person(view)


@words("about_phone")
def about_phone(view: View) -> Worded:
    said = view._("我这里没有老师的电话号码。要找老师，点「找老师」把话留下，老师在这里回您。")
    return (text(said), small(view._("孩子喊不醒、喘不上气、抽筋：先打120。"))), _person(view)


@words("about_telling")
def about_telling(view: View) -> Worded:
    said = view._(
        "不会讲给您家里人、邻居听，看得到的只有我们的老师；有人有危险、法律要求的时候例外。怕别人翻手机，点「清掉这里」。"
    )
    return (text(said),), ((Button(view._("清掉这里"), "clear"), Button(view._("我的信息"), "privacy")),)


@words("about_itself")
def about_itself(view: View) -> Worded:
    return (text(view._("谢谢您关心！我是电脑程序，不吃饭也不睡觉，白天晚上都在。娃儿的事，您问就是。")),), four_doors(view)


def _person(view: View) -> Rows:
    return ((Button(view._("找老师"), "person"), Button(view._("我的信息"), "privacy")),)


@words("office_hours")
def office_hours(view: View) -> Worded:
    """The hours of duty and the promise that holds now; whether somebody is there this minute nobody can promise."""
    hours = view.services.hours
    said = view._(
        "老师的值班时间是每天 {opens} 到 {closes}。您现在写，{by} 前回您。我是电脑程序，白天晚上、周末都可以问我。",
        opens=hours.opens.strftime("%H:%M"), closes=hours.closes.strftime("%H:%M"), by=view.moment(view.facts["by"]),
    )  # fmt: skip
    urgent = view._("孩子喊不醒、喘不上气、抽筋：先打120。")
    return (text(said), small(urgent)), four_doors(view)


@words("help")
def help_words(view: View) -> Worded:
    lines = view._(
        "想问什么直接发给我，一次说一件事最好。\n"
        "说上孩子多大，答得更准。\n"
        "答案下面可以点「有帮助」「没帮上」「问老师」。\n"
        "/menu 看目录　/guide 这个月的指导　/courses 家长课堂　/homework 亲子小任务　/child 我的孩子　/person 找老师　/privacy 您的信息"
    )
    return (text(lines),), four_doors(view)


@words("not_understood")
def not_understood(view: View) -> Worded:
    known = {
        "sticker": view._("收到您的表情啦。想问什么，打字或者发语音都行。"),
        "location": view._("收到位置了，不过我还用不上。想问什么，打字或者发语音都行。"),
        "contact": view._("这是一张名片，我没有保存。想找老师，点下面的「找老师」。"),
        "video": view._("视频我这里收不了。想问什么，打字、发语音、发照片都行。"),
        "file": view._("这个我打不开，或者太大了，没有收下。打字、发语音、发照片都行。"),
    }
    said = known.get(view.facts.get("what", ""), view._("这个我还看不懂。想问什么，打字或者发语音都行。"))
    return (text(said),), four_doors(view)


@words("not_taken")
def not_taken(view: View) -> Worded:
    """What came beside words that were answered."""
    return (text(view._("您写的字收到了。附上的文件我打不开，或者太大了，没有收下。")),), ()


@words("edited")
def edited(view: View) -> Worded:
    return (text(view._("我看到您改了发过的话。改过的我不会再答一遍；想问改过的，请重新发一次。")),), ()


@words("over_budget")
def over_budget(view: View) -> Worded:
    until = view.moment(view.facts["until"])
    said = view._("您发来的太多了，我先歇一歇：{until} 以后再发，我接着答。在那以前发的，我就不处理了。", until=until)
    danger = view._("孩子有危险，马上打120；说危险的话，什么时候都收。")
    return (text(said), text(danger)), ()


@words("nothing_said")
def nothing_said(view: View) -> Worded:
    return (text(view._("我没看到字。想问什么，打字或者发语音都行。")),), four_doors(view)


@words("stale_button")
def stale_button(view: View) -> Worded:
    return (text(view._("这个按钮已经用过了，或者太久了。您直接问我，或者从这里接着来：")),), four_doors(view)


@words("something_failed")
def something_failed(view: View) -> Worded:
    if view.message.staff_id:
        return (text(view._("刚才那一条没有处理成功，请再发一次。")),), ()
    urgent = view._("孩子喊不醒、喘不上气、抽筋：先打120。")
    return (text(view._("对不起，刚才那一条我没处理好。请您再发一次；着急就点「找老师」。")), small(urgent)), (
        (Button(view._("找老师"), "person"),),
    )


@words("link_expired")
def link_expired(view: View) -> Worded:
    return (text(view._("这个链接用过了或者过期了，请回到原来的地方再取一个。您在这里照样可以问我。")),), four_doors(view)


@words("moved_here")
def moved_here(view: View) -> Worded:
    return (text(view._("接上了。您在网页上问过的、老师回过的，都记在这里了；以后有回信，我就在这里告诉您。")),), four_doors(view)
