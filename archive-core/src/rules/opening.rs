//! U: opening and use (开放与利用).
//!
//! They are judged on the registers of reviews, readers and loans ([`super::circulation`]); [`crate::access`] holds the decision
//! of U3.

use super::{Rule, rule};

pub(super) const RULES: &[Rule] = &[
    rule!(U1 Error "福田《利用开放档案暂行规定》二；《档案法》(2020) 第二十七条";
        says
            "满 30 年（2020 年的法律为 25 年）并经审核的，才向社会开放；不涉密的经济、科学、技术、文化类可以提前，也须审核。没有审核，一概不开放。",
            "A record is open when 30 years have passed (25 by the law of 2020) and a review has passed it; one of the economic, scientific, technical or cultural kind that is not secret may be earlier, but also by review. Without a review nothing is open.";
        example
            "2004 年的文件登记为“开放”，未满 30 年，也没有提前开放的审核。",
            "A record of 2004 is marked open, younger than 30 years and with no review that opened it early.";
        remedy
            "办理开放审核；审核之前改为未审核。",
            "Have it reviewed, and mark it unreviewed until then."),
    rule!(U2 Info "福田《利用非开放档案暂行规定》二；《国家档案馆档案开放办法》(2022)";
        says
            "到期而审核认为不宜开放的，继续控制，写明理由和下次审核的日期。",
            "A record that is due but judged unfit stays closed, with the reason and the date of the next review.";
        example
            "涉及个人隐私，延期，2030 年再审。",
            "It touches a person's privacy: postponed, to be reviewed in 2030.";
        remedy
            "补写理由和再审日期。",
            "Add the reason and the next date."),
    rule!(U3 Error "福田《利用开放档案暂行规定》三；《档案整理工作制度》二(二)4；《档案法》(2020) 第二十八条";
        says
            "开放的档案有公布的目录；未开放的，题名、文字、数目、分面、提示都不得在其中露出。",
            "Open records have a published catalogue, which never shows a closed one: not its title or text, not by a count, a facet or a suggestion.";
        example
            "读者检索“界线”，命中数里不包括未开放的 3 件。",
            "A reader's search counts nothing of the three closed records that would match.";
        remedy
            "重建开放目录和索引。",
            "Build the open catalogue and the index again.";
        judged by nobody
            "开放目录和检索由程序生成，未开放的进不去；由检索的测试保证",
            "The program makes open catalogue and search, which closed records can't enter; the tests of search hold it to that"),
    rule!(U4 Error "福田《查阅档案须知》一";
        says
            "利用之前先登记，按身份出具证件：公民凭身份证、工作证或介绍信；港澳台同胞、归侨凭有关机关介绍信；外国人由本人申请并有外办介绍信，只看开放档案。",
            "A reader registers first and shows what their kind of reader needs: a citizen an identity card, work card or letter; someone from Hong Kong, Macao or Taiwan or a returned overseas Chinese a letter of the office concerned; a foreigner an application and the foreign affairs office's letter, for open records only.";
        example
            "登记表上没有证件一栏的内容。",
            "The form of a reader lacks the document shown.";
        remedy
            "补验证件、补登记后再提供。",
            "See the document and complete the form before serving."),
    rule!(U5 Error "福田《利用非开放档案暂行规定》三至六";
        says
            "查阅控制使用的档案须有批准；涉密的须有单位党委（党组）的介绍信和形成单位盖章同意；学术摘抄须经本馆批准。",
            "Controlled records need an approval on record; classified ones the letter of the party group and the stamped consent of the maker; a scholar's copying the archive's approval.";
        example
            "调阅控制档案，登记上没有批准人。",
            "A controlled record was served with no approver on the form.";
        remedy
            "补办批准；补不到的收回摘抄件。",
            "Obtain the approval, or take back what was copied."),
    rule!(U6 Error "福田《查阅档案须知》六";
        says
            "婚姻档案只给当事人、经公证的受托人（留存公证书）或法院、检察院、公安机关查阅。",
            "Marriage records are shown only to the person concerned, to a notarised delegate (the deed is kept), or to a court, procuratorate or police office.";
        example
            "亲属代查，没有公证委托。",
            "A relative asks without a notarised delegation.";
        remedy
            "请补办公证委托或出具机关证明。",
            "Ask for the notarised deed or the office's letter."),
    rule!(U7 Info "福田《查阅档案须知》二、四；《利用开放档案暂行规定》五";
        says
            "复制由档案馆办理，经核对、注明出处、加盖公章方能作凭证；收费有记录。",
            "Copies are made by the archive, checked, marked with their source and stamped; fees are recorded.";
        example
            "复印件上注明“J019-2004-003 第 12 页，2026年3月2日”。",
            "A copy says from which page of which volume it was made, and when.";
        remedy
            "补注出处、盖章。",
            "Add the source and the stamp."),
    rule!(U8 Error "简阳（九）5(3)(5)；福田《查阅档案须知》五";
        says
            "原件一般不外借；经批准外借的不超过两周，过期每天列单；归还时逐页核对，损坏的记录在案；借出期间不得移交、销毁。",
            "Originals leave the room only by approval, for two weeks at most; what is overdue is listed daily; on return each sheet is checked and damage recorded. A volume on loan is neither transferred nor destroyed.";
        example
            "3 月 1 日借出，3 月 20 日未还：过期 5 天。",
            "Lent on 1 March and not back on the 20th: five days overdue.";
        remedy
            "催还；续借须再批准。",
            "Recall it; a renewal needs a new approval."),
    rule!(U9 Info "福田《利用开放档案暂行规定》八";
        says
            "请利用者反馈利用效果，收存备查。",
            "The reader is asked what came of the use, and the answer is kept.";
        example
            "凭 1982 年林权证复印件解决了山林纠纷。",
            "A certificate of 1982 settled a dispute over woodland.";
        remedy
            "登记利用效果。",
            "Record what the reader found with it."),
    rule!(U10 Info "福田《利用开放档案暂行规定》六";
        says
            "破损的档案，修复之前可以暂不提供利用。",
            "Damaged records may be refused until they are mended.";
        example
            "虫蛀严重的一卷，先送裱糊。",
            "A worm-eaten volume goes to the conservator first.";
        remedy
            "列入修复计划，先提供复制件。",
            "Put it on the list for mending; serve a copy meanwhile.";
        judged by nobody
            "可以暂不提供，也可以经批准提供：由阅览室的决定表把住，没有可违反的记录",
            "they may be refused or, upon approval, served: the reading room's table sees to it"),
];
