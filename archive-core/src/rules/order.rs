//! O: the order of items inside a volume (卷内文件排列).
//!
//! Each rule speaks of pairs: a print and its draft, a reply and its request. The checks look at each pair that a tie
//! names and that lies in one volume. O8 asks for a total order that can be explained, which is the arranging's own
//! promise and tested there.

use super::{Rule, rule};

pub(super) const RULES: &[Rule] = &[
    rule!(O1 Error "福田《案卷质量标准》四";
        says
            "印本在前，定稿在后；重要法规文件的历次稿依次排在定稿之后。复制件随原件，译本随原文。",
            "The final print stands before the signed draft; the drafts of an important regulation follow the signed draft in their order. A copy follows its original, a translation its text.";
        example
            "《安全生产责任制规定》：印本、定稿、送审稿（第二稿）、征求意见稿（第一稿）。",
            "A regulation stands as print, signed draft, second draft, first draft.";
        remedy
            "把印本移到定稿之前。",
            "Move the print before the draft."),
    rule!(O2 Error "福田《案卷质量标准》四";
        says
            "批复在前，请示在后；复函在前，来函在后。",
            "The reply stands before the request; the answer before the letter.";
        example
            "《关于水价调整的批复》在前，《关于调整水价的请示》紧随其后，虽然请示的日期更早。",
            "The reply on water prices stands first and the request right behind it, though the request is older.";
        remedy
            "把批复（复函）移到请示（来函）之前。",
            "Move the reply before the request."),
    rule!(O3 Error "福田《案卷质量标准》四";
        says
            "正件在前，附件在后；几个附件按附件号依次排列。",
            "The main document stands before its attachments, and these in the order of their numbers.";
        example
            "通知、附件1《一览表》、附件2《分解表》。",
            "The notice, attachment 1, attachment 2.";
        remedy
            "把附件移到正件之后，按附件号排好。",
            "Move the attachments behind the main document, in the order of their numbers."),
    rule!(O4 Error "福田《案卷质量标准》四";
        says
            "转发件在前，被转发件在后；印发的通知在前，所印发的文件在后。",
            "The forwarding document stands before the forwarded one, the issuing notice before what it issues.";
        example
            "县政府办公室转发省政府办公厅通知的通知在前，省政府办公厅的通知在后。",
            "The county's forwarding notice first, the province's notice behind it.";
        remedy
            "把转发件移到被转发件之前。",
            "Move the forwarding document to the front."),
    rule!(O5 Error "福田《案卷质量标准》四";
        says
            "非诉讼案件，结论、决定、判定性文件在前，罪证、旁证等依据性材料在后。",
            "In a case that is no lawsuit, conclusion, decision and verdict stand first, evidence and other grounds behind.";
        example
            "林地权属争议：处理决定、调查报告、调解笔录、询问笔录、勘验图。",
            "A dispute over woodland: the decision, the inquiry report, the mediation, the interviews, the survey map.";
        remedy
            "把结论、决定移到依据材料之前。",
            "Move conclusion and decision before the grounds."),
    rule!(O6 Error "福田《案卷质量标准》四";
        says
            "一卷一个问题的，按时间先后排；几个问题的，先把问题分开，重要的在前，每个问题之内按时间排。",
            "In a volume of one question, items stand by date. With several questions these are kept apart, the more important first, and items stand by date inside each.";
        example
            "卷内 3 月的文件排在 5 月的之后，而两件同属一个问题、互无关联。",
            "An item of March stands behind one of May, of the same question and not tied to it.";
        remedy
            "同一问题的放在一起，按日期排。",
            "Put items of one question together, by date."),
    rule!(O7 Error "福田《案卷质量标准》四";
        says
            "有关联的文件排在一起，中间不夹别的；这一组的位置随它领头的那一件。",
            "Documents tied to each other stand together with nothing between; the group stands where its head belongs.";
        example
            "批复和请示之间夹了一件不相干的通知。",
            "Between a reply and its request lies a notice that has nothing to do with them.";
        remedy
            "把夹在中间的移出来。",
            "Take out what lies between."),
    rule!(O8 Info "福田《案卷质量标准》四";
        says
            "其余文件依形成的规律排列；排列是完全的：不管登记先后，结果相同，每个位置都说得出理由。",
            "Other material stands in the order it came about. The order is total: the same for the same records however they were registered, and each place can be explained.";
        example
            "同一天的两件，按文号顺序排，没有文号的按题名。",
            "Two items of one day stand by document number, or by title where they have none.";
        remedy
            "用 archive arrange --explain 看某件为什么在那里。",
            "See why an item stands where it does with archive arrange --explain."),
];
