//! V: forming volumes (组卷).
//!
//! V4, V6, V8 and V9 say how volumes are made, not how a finished one is judged: [`crate::arrange`] carries them out
//! and gives its reasons.

use super::{Rule, rule};

pub(super) const RULES: &[Rule] = &[
    rule!(V1 Error "福田《案卷质量标准》二";
        says
            "不同年度的文件不在一卷。计划、总结、预算、报表归内容所针对的年度，多年总结归最后一年，多年计划归第一年；请示与批复归批复的年度；跨年的会议、案件归结束的年度。凡年度不随日期的，说明理由。",
            "Records of different years are never in one volume. A plan, summary, budget or statistic belongs to the year it speaks of, a summary of several years to the last, a plan of several years to the first; a request and its reply to the year of the reply; a meeting or case to the year it closed. Each year that isn't the date's own has its reason.";
        example
            "2004 年 12 月的请示、2005 年 1 月的批复，一并归 2005 年；2005 年 1 月印发的 2004 年总结归 2004 年。",
            "A request of December 2004 with its reply of January 2005 belongs to 2005; a summary of 2004, issued in January 2005, to 2004.";
        remedy
            "把不属本年的文件移到它那一年的卷里；有理由留下的，改正它的年度并说明。",
            "Move it to a volume of its year; if it belongs here, correct its year and say why."),
    rule!(V2 Error "福田《案卷质量标准》二";
        says
            "党委的文件和政府的文件分开组卷。党政联合发文归主办的一方。",
            "Party records and government records are in separate volumes. A paper issued jointly goes with its leading body.";
        example
            "县委的任职通知和县政府的任职通知各立一卷。",
            "The party committee's appointments and the county government's make two volumes.";
        remedy
            "分成两卷；党政一栏填错的改正。",
            "Split the volume; if the side was registered wrongly, correct it."),
    rule!(V3 Error "福田《案卷质量标准》三";
        says
            "保管期限不同的文件不在一卷。请示与批复、正件与附件等相关联的，从其中最长的期限。",
            "Records of different periods are not in one volume. What belongs together (a request and its reply, a document and its parts) takes the longest of its periods.";
        example
            "请示填短期，批复填永久：两件都按永久。",
            "A request registered as short-term whose reply is permanent: both are permanent.";
        remedy
            "把期限统一到最长的，或把文件移到相应期限的卷里。",
            "Raise the shorter period to the longest, or move the item to a volume of its own period."),
    rule!(V4 Info "福田《案卷质量标准》二";
        says
            "在年度、党政、期限之内，把一项工作、一个问题、一次会议、一个案件的文件组成一卷，灵活运用六个特征：问题、时间、名称（文种）、作者、通讯者、地区。",
            "Within year, side and period, the records of one task, question, meeting or case form a volume, joined by six features: question, time, type, author, correspondent, region.";
        example
            "全县农村工作会议的通知、议程、报告、讲话、简报同属一次会议。",
            "Notice, agenda, report, speeches and bulletins of one conference belong to one meeting.";
        remedy
            "看方案里每卷的“组卷特征”，不合适的在方案表里移动。",
            "See the features each proposed volume names, and move in the plan what doesn't fit."),
    rule!(V5 Error "福田《案卷质量标准》二";
        says
            "文件太多一卷装不下的，分立几卷，题名加“之一”“之二”。有关联的文件（请示与批复、正件与附件）不拆开。",
            "A group too large for one volume is split, and the volumes are titled 之一, 之二. What is tied together is never split.";
        example
            "批复在《水利请示批复之一》，它的请示却在《之二》。",
            "A reply lies in the first volume and its request in the second.";
        remedy
            "把有关联的几件放进同一卷，从别处分开。",
            "Put what is tied into one volume, and cut elsewhere."),
    rule!(V6 Info "福田《案卷质量标准》三";
        says
            "判定价值要从一个问题、一个类的角度通盘考虑，不是一张一张地定；一组文件从主件的价值，例外要说明。",
            "Value is judged for the whole question, not sheet by sheet: within a group the main record decides, and an exception is explained.";
        example
            "土地权属案永久保存，其中的询问笔录单看价值不高，也随案永久。",
            "A land dispute is kept for good, and so is each interview in it, slight as it may look alone.";
        remedy
            "接受随主件的期限，或写明这一件为什么例外。",
            "Accept the main record's period, or say why this one is an exception."),
    rule!(V7 Warning "福田《案卷质量标准》三";
        says
            "永久、长期保存的本机关发文留存三份：一份与定稿立正卷，一份作副卷供查阅，一份供汇编。",
            "Own records kept permanently or long-term are kept in three copies: one with the signed draft in the main volume, one in the duplicate volume for consultation, one for compilation.";
        example
            "“临政〔2004〕26号”永久，登记备注“存一份”。",
            "A permanent own document, of which the remarks say that one copy is kept.";
        remedy
            "向印发部门补取；取不到的，复印并注明。",
            "Get the missing ones from the printer's, or make copies and mark them as such."),
    rule!(V8 Error "福田《档案整理工作制度》二(一)4";
        says
            "过去遗漏的文件，按全宗、按年度补充到应在的地方，已编目的号一个不改；从未整理过的，从头整理。",
            "Documents found late are added to their fonds and year without changing a number that was catalogued; what was never arranged is arranged from the start.";
        example
            "2003 年的案卷已编到 45 号，今年发现一份 2003 年的批复：放进有关卷的末尾，或立 46 号卷。",
            "The volumes of 2003 end at 45, and a reply of 2003 turns up: it goes to the end of its volume, or into volume 46.";
        remedy
            "补在卷末或新立一卷，不插号、不改号。",
            "Add it at the end of a volume or in a new one; insert and change no number."),
    rule!(V9 Info "福田《档案整理工作制度》二(一)2";
        says
            "已经整理、有规可循、有目可查的，保持原有体系，不打乱重来；有缺点的用补充检索工具弥补。",
            "An arrangement that follows a rule and has a list is kept, not redone; its faults are mended by extra finding aids.";
        example
            "旧案卷按作者立卷，与今天按问题的做法不同：不拆，另编专题目录。",
            "Old volumes were formed by author, not by question as today: they stay, and a subject catalogue is made.";
        remedy
            "保留原卷，另编检索工具。",
            "Keep the volumes, and make a finding aid."),
];
