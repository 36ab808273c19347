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
    OFFICE_HOURS = "office_hours"
    HOMEWORK = "homework"
    COMPLAINT = "complaint"
    JOY = "joy"
    DELETE = "delete"
    RETURN_CODE = "return_code"
    PHONE = "phone"
    TELLING = "telling"
    ITSELF = "itself"
    MY_HOMEWORK = "my_homework"
    NO_EMERGENCY = "no_emergency"
    OTHER_THINGS = "other_things"


_PARENT = r"(?:婆婆?|妈妈?|爸爸?|爷爷|奶奶|外婆|外公|公公|家长|嬢嬢|孃孃|姐姐?|妈咪)"
_OURS = r"(?:请问|那|问一?[下哈]|[你您]们?(?:这里|这儿|这边|那里|那边|单位|的)?|老师们?|值班|这里|这儿|陪伴|一般|平时|都|还|是)*"
_DAY = (
    r"(?:周末|周[一二三四五六日天]|星期[一二三四五六日天]|礼拜[一二三四五六天]?|双休日?|节假日|放假|过年|春节|国庆|今天|明天|后天|晚上|夜里|半夜"
    r"|早上|中午|下午|现在|这会儿|每天|平时|几点)"
)
_SEEN = r"(?:看|改|批|点评|评|批改|收到|回|回复|理)"
_WHO_IS_SEEN = r"(?:别人|人家|其他人|别个|外人|哪个|谁|邻居|屋头人|家里人)"
_KIN = r"(?:人|妈妈?|爸爸?|婆婆?|爷爷?|奶奶?|公公?|外公|外婆|嬢嬢|姐姐|哥哥)"
_WHO = (
    r"(?:哪个|谁|哪里的?人?|哪儿的?|什么(?:人|单位|东西|名字|来头)?|啥子?(?:人|单位|东西|名字)?"
    r"|哪个单位的?|[干做搞](?:啥子?|什么|哪样)的)"
)
_WHAT = (
    r"(?:一个|个|真的|真)*(?:机器人?|电脑|真人|真的|人|活人|骗子|程序|单位|ai|人工智能|老师|医生|客服|政府|官方|医院|公司|学校|社区"
    r"|卖(?:东西|药|课|货)|推销|妇联|卫健委)(?:的|里的)?"
)
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
        24,
        re.compile(
            rf"(?:请问|那|喂|老师)*[你您](?:们)?(?:这里|这儿|这个)?(?:到底|究竟)?(?:(?:是|叫)(?:不是)?(?:{_WHO}|{_WHAT}(?:还是{_WHAT})?))"
            r"(?:在?(?:回|答|回答|聊|说话))?(?:吗|嘛|不|迈|哦|啊|呢|的|哈|呀)*"
            r"|靠不靠得住|[你您]们?靠得住(?:吗|不)"
            r"|(?:who|what)(?:are|is)(?:you|this)|areyou(?:a|an|the)?(?:real|human|robot|bot|person|machine|computer|ai|program|scam|doctor|teacher"
            r"|legit|or|a|there)+"
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
        14,
        re.compile(
            r"(?:我|请)?(?:要|想|帮我)?(?:找|问|跟|和|转|喊|叫)(?:一下|一个|个)?(?:真的|活的)?(?:老师|真人|人工|人)+(?:本人)?"
            r"(?:说话|说几句|讲话|聊|谈|帮忙)?.{0,2}"
        ),
    ),
    (
        Heard.DELETE,
        26,
        re.compile(
            r"(?=.*(?:我|全|都|通通))(?:请|帮我|给我|我要|我想|麻烦|你们?|您|老师|能不能|可不可以|可以)*[把将]?我?们?"
            r"(?:的|说的?|讲的?|问的?|发的?|写的?|过|跟你们?|在这里|以前|这里)*(?:话|东西|事情?|内容|消息|照片|语音|这些)*"
            r"(?:都|全部?|统统|通通|给我)*(?:删|清|抹)(?:了|掉|除|完|干净|光|空)+(?:吗|嘛|吧|哈|不|要得不|可以吗|好不好)*"
            r"|(?:please|canyou|iwantto)*(?:delete|erase|forget)(?:everything|all|ofit|mydata|mymessages|whatisaid|isaid|that|please)+"
        ),
    ),
    (
        Heard.RETURN_CODE,
        24,
        re.compile(
            rf"(?:我(?:是|姓)?.{{0,3}}{_PARENT})?我?们?(?:换|买|重新买)了?(?:一个|一部|个|部|新)*手机号?(?:了|以后|之后|后)*(?:啷个|怎么|咋个?|还|能|就|要)*"
            r"(?:看|找|进|回|登)?得?(?:到|回来|回|去|来)?(?:原来的?|以前的?|之前的?)?(?:话|对话|记录|消息|回信)?(?:吗|不|嘛|呢|办|啊|哦|了)*"
            r"|(?:请问|老师|那|我们?)*的?回访码(?:好多|多少|啥子?|什么|哪个|哪里|在哪里?|在哪儿|忘了?|忘记|掉|不见|找不到|弄丢|怎么|啷个|咋个?|办|看"
            r"|找|用|得|到|是|了|嘛|吗|啊|呢|哦)*"
            r"|(?:whatis|whats|iforgot|ilost|whereis)myreturncode|(?:ihave|igot|ivegot)anewphone"
        ),
    ),
    (
        Heard.PHONE,
        20,
        re.compile(
            r"(?:请问|那|我要|找|的)*(?:老师|[你您]们?|值班室?|这里|单位)+的?(?:联系)?(?:电话|号码|座机|热线)(?:号码?)?"
            r"(?:是|好多|多少|几|啥子?|什么|哪个|有没得|有没有|有|没得|打不通|打不进|没人接|呢|嘛|啊|哦|吗|不)*"
            r"|(?:一直|老是|都|咋个?|怎么)*打不(?:通|进)(?:[你您]们?|老师|值班)+的?电话(?:嘛|啊|哦|呢|了)*"
            r"|(?:有没有|有没得|给我)(?:一个|个)?(?:老师|[你您]们?|热线|联系)*的?电话(?:号码)?(?:嘛|吗|啊|打)*"
            r"|(?:whatis|whats)your(?:phone|telephone)?number|(?:doyouhave|isthere)aphonenumber|canicallyou"
        ),
    ),
    (
        Heard.TELLING,
        28,
        re.compile(
            r"(?:[你您]们?|老师)*(?:会不会|会|是不是|莫|不要)(?:把|拿|将)?(?:我们?)?(?:的|说的?|讲的?|问的?)*(?:话|事情?|东西|这些|内容)*"
            r"(?:讲|说|告诉|告|传)(?:给|到|出去)?我?(?:的|家|们|屋头)*"
            r"(?:媳妇儿?|儿媳妇?|老公|老婆|男人|儿子|女儿|姑娘|妈妈?|婆婆|公公|老人|家里人|屋头人|别人|别个|其他人|邻居|学校|单位|村里人?)"
            r"(?:听|看|晓得|知道)?(?:吗|嘛|不|哦|啊|哈|么)*"
            r"|(?:will|would|do)youtellmy(?:husband|wife|motherinlaw|daughterinlaw|mother|family|son|daughter)"
        ),
    ),
    (
        Heard.ITSELF,
        12,
        re.compile(
            r"[你您](?:今天|现在|今晚)?(?:吃(?:早|晚|中|午)?饭?|睡|累|忙|多大|几岁|好多岁|冷|热|有娃儿?|结婚)(?:了|觉)?(?:没得|没有?|不|吗|嘛|啊|哦|没|了|呢)+"
            r"|(?:haveyoueaten|howareyou|howoldareyou|areyoutired)(?:today|yet)?"
        ),
    ),
    (
        Heard.NO_EMERGENCY,
        16,
        re.compile(
            r"(?:我|这|这个|真的|都|那)*(?:不是|没得|没有|不算)(?:什么|啥子?)?(?:紧急情况|紧急|急事|急诊|危险)(?:的|了|嘛|哈|啊|事)*"
            r"|(?:this|it)?(?:is|s)?notanemergency"
        ),
    ),
    (
        Heard.OTHER_THINGS,
        16,
        re.compile(r"我?(?:要|想)?(?:再)?问(?:点|个|一个)?(?:别的|其他|另外)(?:的)?(?:事情?|问题)?(?:嘛|哈|了)*"),
    ),
    (
        Heard.MY_HOMEWORK,
        18,
        re.compile(
            r"(?:老师|请问)*我们?(?:要|想|来|可以|能不能)*(?:看|交|找|补交|翻)(?:一下|哈|看)*(?:我们?的|娃儿的|孩子的|上次的)?(?:亲子)?小?(?:作业|任务)"
            r"(?:了|嘛|吧|哈|啊|在哪里?|在哪儿)*"
            r"|(?:我要|要)?交作业|(?:我们?的)?(?:亲子小任务|作业)(?:在哪里?|在哪儿|啷个交|怎么交|咋个?交)(?:嘛|啊|呢|哦)*"
            r"|iwantto(?:handin|see|submit)(?:my|our|the)homework|showmemyhomework"
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
        Heard.OFFICE_HOURS,
        32,
        re.compile(
            rf"{_OURS}{_DAY}*{_OURS}(?:(?:好久|几点钟?|什么时候|啥时候|哪个时候|好多点|几时)(?:开始|才|就|到几点)?(?:上班|下班|有人|在线?|开门|关门|值班|在岗)"
            r"|(?:上班|下班|值班|办公|工作|开门|在线|服务)(?:的)?(?:时间)?(?:是|到|从)*(?:好久|几点钟?|什么时候|啥时候|哪个时候|好多点|多少)"
            r"(?:到几点)?|上班时间|工作时间|值班时间)(?:嘛|啊|哦|呢|的|哈|呀|吗|嗦)*"
            rf"|{_OURS}{_DAY}+{_OURS}(?:也|还|会|都|得)*(?:有没有人|有没得人|有人|有没有老师|有老师|上不上班|上班|休息|在不在|放假|值班|回消息|在线?)"
            r"(?:值班|在|回|上班|答|接|回话|回消息|回复)*(?:吗|嘛|不|没得?|没有|啊|哦|呢|迈|嗦|么)*"
            rf"|{_OURS}(?:还要等好久|要等好久|(?:好久|什么时候|啥时候|几时|哪个时候)(?:才|能|会|得)*(?:回|理|答复|回复)(?:我|话|信|消息)*)(?:嘛|啊|哦|呢|吗|的)*"
            r"|(?:when|whattime)(?:are|do)(?:you|theteachers?|instructors?)(?:open|close|there|work|available|online|answer)"
            r"|(?:whatare)?(?:your)?(?:opening|office|working|duty)hours"
            r"|(?:is|are)(?:there)?(?:anyone|anybody|somebody|someone|you)(?:there|available|open|working|onduty)?(?:at|on|over|inthe|atthe|onthe|overthe)*"
            r"(?:the)?(?:weekends?|night|evenings?|holidays?|sundays?|saturdays?)"
        ),
    ),
    (
        Heard.HOMEWORK,
        40,
        re.compile(
            rf"(?:请问|那|老师|我们?家?|我的|昨天|前天|上次|上回|刚才|早就|都)*(?:交的?|做的?|发的?)?(?:亲子|小)*作业(?:都|早就|我|已经)*(?:交了|发了|做了)?(?:这么久|好几天|几天|半天|好久)?了?"
            rf"(?:咋个?|怎么|还|也|都|到底|老师|有没得|没得|有没有|有|没有?|人|哪个)*{_SEEN}(?:一下|了|过|完|到|我)*(?:没得?|没有|吗|嘛|不|啊|哦|嗦|呢|没人)*"
            r"|(?:我)?(?:交|做|发)的作业(?:呢|咋样了?|怎么样了?|哪里?去了)|作业(?:呢|咋样了?|怎么样了?|(?:收到|交上去?|交成功)(?:了)?(?:没得?|没有|吗|不))"
            rf"|(?:老师|有人)(?:到底|还|都)?(?:{_SEEN}(?:了|过|完|到)+|收到)(?:没得?|没有|吗|嘛|不)(?:啊|哦|嗦)?"
            r"|(?:did|has|have)(?:you|anyone|anybody|the(?:teacher|instructor|trainer))(?:got|get|seen|see|lookedat|received?|read|checked)(?:my|our|the)homework(?:yet)?"
            r"|(?:whatabout|whereis|hows)myhomework"
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
