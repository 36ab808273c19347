"""What a short message is when it is no question to be searched: a greeting, thanks, a complaint. Only patterns; what is done with
it is told in asking.

Every pattern must fit the whole message, so that a real question behind a greeting stays a question.
"""

import re
from enum import StrEnum

from index.ages import age_in
from index.text import regular


class Heard(StrEnum):
    GREETING = "greeting"
    THANKS = "thanks"
    WHO_ARE_YOU = "who_are_you"
    PRICE = "price"
    PERSON = "person"
    OWN_DATA = "own_data"
    COMPLAINT = "complaint"
    JOY = "joy"


_PARENT = r"(?:婆婆?|妈妈?|爸爸?|爷爷|奶奶|外婆|外公|公公|家长|嬢嬢|孃孃|姐姐?|妈咪)"
_WHO_IS_SEEN = r"(?:别人|人家|其他人|别个|外人|哪个|谁|邻居|屋头人|家里人)"
_KIN = r"(?:人|妈妈?|爸爸?|婆婆?|爷爷?|奶奶?|公公?|外公|外婆|嬢嬢|姐姐|哥哥)"
_DONE = rf"(?:[喊叫]{_KIN}|走路?|爬|坐|站|翻身|说话|笑|数数|唱歌|拍手|背诗|自己(?:吃饭|穿衣服|穿鞋|洗手|上厕所|睡觉))"

_HEARD: tuple[tuple[Heard, int, re.Pattern[str]], ...] = (
    (
        Heard.GREETING,
        24,
        re.compile(
            r"(?:老师|陪伴)?(?:[你您]好|老师们?好|在吗|在不在|有人[吗没]|嗨|早上好|晚上好|喂|hi|hello|hey)"
            r"(?:啊|呀|哈|老师|在吗|在不在|有人吗|there)*"
            rf"(?:我(?:是|姓)[^不]{{0,5}}{_PARENT}(?:啊|呀|哈|哦)?)?"
        ),
    ),
    (
        Heard.WHO_ARE_YOU,
        20,
        re.compile(
            r"(?!.*(?:咋|怎么|娃|孩子|宝宝))[你您](?:们)?(?:到底)?是(?:哪个|谁|哪里|什么|啥子?|不是|个)?(?:机器人?|电脑|真人|人|骗子|程序|单位)?.{0,8}"
            r"(?:吗|嘛|不|迈|哪个|谁|的|真人)?"
            r"|靠不靠得住|(?:are you|who are you|areyou|whoareyou).{0,30}"
        ),
    ),
    (
        Heard.PRICE,
        24,
        re.compile(
            r"(?:请问|那|你们?|您|这个|这里|这|问(?:问题|老师|你们?)|找老师|咨询|用|要是)*"
            r"(?:(?:要不要|收不收|要|得|会|是)*(?:收费|收钱|要钱|花钱|给钱|付费|付钱|免费)的?(?:不|吗|嘛|么|迈|哦|没得|啊)+"
            r"|(?:要不要|收不收|要收)(?:收)?(?:钱|费|收费|花钱|给钱)(?:嘛|啊|哦|呢)?"
            r"|(?:要|收)?(?:好多|多少)钱(?:一次|一个月)?(?:嘛|啊|哦|呢)?)"
            r"|(?:isthis|isit|areyou)free|(?:howmuch)?(?:doesitcost|doesthiscost|isit|isthis)|doihavetopay|dothischargemoney"
        ),
    ),
    (
        Heard.THANKS,
        24,
        re.compile(
            r"(?:(?:好的?|嗯+|哦+|要得|晓得了?|知道了?|明白了?|谢谢?了?|多谢|感谢|麻烦|辛苦|再见|再会|拜拜|(?:都|[听看]得?)?懂了"
            r"|那?就?(?:先|就)这样(?:子)?|那|回头(?:再)?(?:聊|问|说)|下次再(?:聊|问|来)"
            r"|ok|okay|thanks?|thankyou|bye|goodbye|gotit)"
            r"(?:你|您|老师|哈|啊|啦|了|嘛|吧|哦|very|much|so)*)+"
        ),
    ),
    (
        Heard.PERSON,
        13,
        re.compile(
            r"(?:我|请)?(?:要|想|帮我)?(?:找|问|跟|和|转|喊|叫)(?:一下|个)?(?:老师|真人|人工|人)(?:说话|聊|谈|帮忙)?.{0,2}"
        ),
    ),
    (
        Heard.OWN_DATA,
        24,
        re.compile(
            r".{0,6}(?:删|取消|清).{0,6}(?:资料|信息|记录|聊天).{0,4}|.{0,6}(?:资料|信息|记录).{0,4}(?:删|清).{0,4}"
            r"|我的(?:信息|资料|隐私)"
            rf"|(?:我们?|在?这里|在?这儿|在)+(?:跟你们?|和你们?)?(?:说|发|问|写|聊|讲)的?(?:这些|这个)?(?:话|东西|内容|照片|事情?|语音)?"
            rf"(?:会不会|会|是不是|能不能)?(?:被|给|让|有)?{_WHO_IS_SEEN}(?:会|能|都)?"
            r"(?:看|晓得|知道|听)(?:得)?(?:到|见|了)?(?:吗|不|嘛|没有?|么|迈)?"
            r"|(?:你们|这里|聊天|我们?说的话?)?(?:会不会|会|是不是)?(?:保不保密|保密|泄露(?:隐私|信息|出去)?|传出去)(?:的)?(?:吗|不|嘛|么|迈)"
            r"|(?:isthis|isit)(?:private|confidential)|(?:can|will)(?:anyone|others|otherpeople)(?:else)?(?:see|read)(?:this|mymessages)"
        ),
    ),
    (
        Heard.COMPLAINT,
        26,
        re.compile(
            r"(?:(?:唉|哎|切|真的?|太|硬是|简直|你们?|您|这个|都是|就是|还是)*"
            r"(?:好烦[哦啊]?[你您]|[你您]好烦|没帮[到上]我?(?:忙)?|没得(?:啥|什么)?用|没(?:啥|什么)?用|莫得用|骗人的|骗子|哄人的"
            r"|说了半天(?:也|都)?(?:不晓得|不知道)(?:你|您)?(?:在)?说些?(?:啥子?|什么)|说了等于没说|答非所问|废话"
            r"|问(?:啥子?|什么)都?(?:是)?(?:喊|叫|让)(?:我)?(?:找|问)老师|(?:啥子?|什么)都(?:不晓得|不知道|答不[出上]来?|不懂)"
            r"|[听看]不懂(?:你|您)?(?:在)?(?:说些?(?:啥子?|什么)|的话)?)"
            r"(?:嘛|啊|哦|哈|的|吧|你|您|了|得很|哟)*)+"
            r"|(?:thisis|thatis|thats|youare|youre)?(?:so|totally)?useless|(?:nothelpful|thatdidnthelp|thatwasnohelp)(?:atall)?"
        ),
    ),
    (
        Heard.JOY,
        20,
        re.compile(
            r"(?:告诉你?个?好消息)?(?:我家|我们?|我)?[^还老总没不才咋怎都又一]{0,6}(?:今天|昨天|刚刚?|终于|现在|今早|昨晚)?"
            rf"(?:终于|自己|能|就)?(?:会|学会|晓得){_DONE}了(?:哈|耶|哦|啦|呢|好高兴|太高兴了|高兴得很|好开心)*"
            r"|.{0,6}(?:得了?|拿了?)(?:一朵|一个|一张)?(?:小红花|奖状)了?(?:哈|耶|哦)?"
            r"|(?:my)?(?:son|daughter|baby|she|he)(?:just)?(?:took(?:his|her)firststeps?|saidmama|saiddada|canwalknow)(?:today)?"
        ),
    ),
)


def heard(text: str) -> Heard | None:
    bare = "".join(character for character in text.lower() if character.isalnum())
    for what, longest, pattern in _HEARD:
        if len(bare) <= longest and pattern.fullmatch(bare):
            return None if what is Heard.JOY and age_in(regular(text)) is not None else what
    return None
