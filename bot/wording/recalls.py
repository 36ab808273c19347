"""Words of what was wrong or came late: the correction of a passage, and the answer to a question that had none."""

from bot.dialogue.events import Button
from bot.wording.rendering import Rows, View, Worded, label, text, title, words
from care.recalls import queries as recalls
from care.recalls.models import Recall
from knowledge.models import Revision


def instead(view: View, revision: Revision) -> Worded | None:
    """What stands where a recalled passage stood, in the talk and behind its old buttons; None for all others."""
    if not revision.passage_id:  # out of an edition alone, which is asked without what was recalled
        return None
    recall = recalls.of_revision(view.session, revision)
    if recall is None:
        return None
    wrong = view._("这一篇里有说得不对的地方，已经停用了，请不要照着做。")
    return (title(_name(view, revision)), text(wrong), text(_said(view, recall))), _person(view)


@words("correction")
def correction(view: View) -> Worded:
    recall = view.session.get_one(Recall, view.facts["recall_id"])
    revision = recalls.revision_of(view.session, recall)
    head = view._("前面给您看过的《{title}》，有一处我们说得不对，更正如下：", title=_name(view, revision))
    end = view._("这是我们的错，对不住您。已经照着做了也先不要慌，拿不准就问老师。")
    return (text(head), text(_said(view, recall)), text(end)), _person(view)


@words("now_answered")
def now_answered(view: View) -> Worded:
    revision = view.session.get_one(Revision, view.facts["revision_id"])
    said = view._("您前些时候问过一件事，当时没有现成的答案。现在写好了，点一下就看。")
    press = f"show:{view.facts['question_id']}:{revision.key}"
    return (text(said),), ((Button(label(view._("看看答案")), press),),)


def _said(view: View, recall: Recall) -> str:
    """The Chinese sentence where nobody has put it into English."""
    if view.lang == "zh" or recall.en:
        return recall.zh if view.lang == "zh" else recall.en
    return view._("更正目前只有中文：{words}", words=recall.zh)


def _name(view: View, revision: Revision) -> str:
    return revision.says().wording(view.lang).title


def _person(view: View) -> Rows:
    return ((Button(view._("问老师"), f"person:{view.facts.get('question_id') or 0}"),),)
