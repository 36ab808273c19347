"""Who sounds like a child, and who only speaks of one."""

import pytest

from care.safety.child_writing import sounds_like_a_child

CHILDREN = (
    "我今年8岁了",
    "我八岁，弟弟不听话",
    "我9岁 妈妈去打工了",
    "我读三年级，同学不跟我耍",
    "我是二年级的小朋友",
    "老师天天骂我，我不想上学",
    "同学打我，我不敢说",
    "妈妈上班去了，我一个人怕",
    "爸爸妈妈不在家，我好饿",
    "我想妈妈了",
    "我好想爸爸妈妈回来",
    "我的作业写不完，啷个办",
    "我今年八歲了",
    "I am 8 years old. Can I ask you?",
    "i'm in third grade",
    "kids at school hit me",
    "my mom isn't home and I'm scared",
)
ADULTS = (
    "八个月的娃可以吃蜂蜜不",
    "我家5岁了还尿床",
    "我家老二7岁，不爱说话",
    "我5岁的娃不听话",
    "我儿子今年8岁了",
    "我小时候8岁就下地了",
    "我8岁的时候也这样",
    "我35岁了，还能生吗",
    "我今年十八岁了",
    "我在小学门口接人",
    "我是小学老师，想问下",
    "老师骂我娃，我好气",
    "娃儿说同学打我",
    "老公出差，我一个人在家害怕",
    "奶奶带孩子，我不放心",
    "我妈妈不在家，哪个来带娃",
    "我想我妈妈来帮我带娃",
    "娃儿的作业写不完",
    "妹妹6岁，姐姐9岁，老打架",
    "我7岁女儿的老师打电话来",
    "I am 8 weeks pregnant",
    "I am 9 months along",
    "my son is 8 years old and kids at school hit him",
    "when I was 8 my father left",
)


@pytest.mark.parametrize("text", CHILDREN)
def test_a_child(text: str) -> None:
    assert sounds_like_a_child(text)


@pytest.mark.parametrize("text", ADULTS)
def test_an_adult(text: str) -> None:
    assert not sounds_like_a_child(text)
