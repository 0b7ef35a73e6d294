//! S: secrecy (保密).
//!
//! S1 and S2 are judged on items and on the text of their pages. S3 to S5 speak of copies, circulation and custodians
//! and are judged on those registers ([`super::circulation`]).

use super::checking::Desk;
use super::holdings::Stage;
use super::{Rule, RuleId, rule};
use crate::finding::Severity;
use crate::model::SecrecyLevel;
use crate::profile::Maker;
use crate::text;

pub(super) const RULES: &[Rule] = &[
    rule!(S1 Error "福田《上级文件的处理程序》五；《保守国家秘密法》(2024) 第三十一条";
        says
            "涉密文件（秘密、机密、绝密）不输入联网的办公系统，手工登记。本系统不收它的扫描件和文字，只留一行占位：文号、日期、密级、原件在哪里。",
            "Classified documents are not entered into a networked system; they are registered by hand. This program takes neither their scans nor their text, and keeps at most a placeholder: number, date, level, where the paper is.";
        example
            "登记表里一行密级为“机密”：整行拒收，只留占位。",
            "A row marked 机密 is refused; a placeholder is all that stays.";
        remedy
            "从登记表和扫描目录里移走，按保密规定手工登记；密级填错的改正。",
            "Take it out of register and scans and register it by hand; if the level is a mistake, correct it."),
    rule!(S2 Error "福田《保密制度》；《保守国家秘密法》(2024) 第二十二条";
        says
            "登记为不涉密，而首页角上印有密级标志的，报告出来，并不进入检索。句子里的“秘密”二字不算标志。",
            "A document registered as open whose first page bears a mark of secrecy is reported and kept out of search. The word inside a sentence is no mark.";
        example
            "登记公开，扫描件首页右上角印“秘密★1年”。",
            "Registered as open; 秘密★1年 stands at the upper right of its first page.";
        remedy
            "由保密人员核对原件：属实的按 S1 处理；已解密的写明解密依据和日期。",
            "Have the secrecy officer look at the original: if it is classified, S1 applies; if declassified, record by what and when."),
    rule!(S3 Error "福田《保密制度》七；县委办机要制度；县政府办公室工作规则 八";
        says
            "复印涉密文件须经批准、登记，复印件与原件同样管理。",
            "Copies of classified documents are approved, registered, and kept like the original.";
        example
            "复印机密文件 3 份，登记簿只有 2 份的去向。",
            "Three copies were made, and the register tells where two of them are.";
        remedy
            "追查去向，补登记。",
            "Trace the missing copy and register it."),
    rule!(S4 Error "县政府办公室工作规则 八；简阳（十一）2、8";
        says
            "涉密文件由专人传阅、借还，在办公室内阅读，未经批准不带出。",
            "Classified documents are circulated, lent and returned only through the named person, read inside, and never taken out without approval on record.";
        example
            "机密文件借出三天，没有批准记录。",
            "A classified paper was out for three days with no approval on record.";
        remedy
            "立即收回，补查经过。",
            "Recover it at once and record what happened."),
    rule!(S5 Error "简阳（九）5(7)；福田《保密制度》八";
        says
            "管理人员调离时，归还借阅的全部档案，经管的按清单移交。",
            "When a custodian leaves, everything lent to them is returned and their holdings are handed over by list.";
        example
            "调离手续已办，名下还有两卷没有归还。",
            "Someone has left with two volumes still out in their name.";
        remedy
            "收回借阅的，按清单交接、双方签名。",
            "Recover the loans; hand over by list, both signing."),
];

pub(super) fn check(desk: &mut Desk<'_>) {
    classified(desk);
    marks(desk);
}

/// S1: classified items. What is said of them tells row and level, never title or number.
fn classified(desk: &mut Desk<'_>) {
    for (at, item) in desk.holdings.items.iter().enumerate() {
        let level = item.secrecy.level;
        if level == SecrecyLevel::None {
            continue;
        }
        let word = level.word();
        // Of a register's row its reader has said so.
        if desk.holdings.stage != Stage::Register {
            let message = text!(
                "{word}件登记在册，不入本系统",
                "an item marked {word} is registered; it doesn't enter this system"
            );
            desk.say(RuleId::S1, at, "密级", message);
        }
        // Article 17 gives county offices no power of their own to classify.
        if desk.makers[at] == Some(Maker::Own) && desk.holdings.institution.name.contains(['县', '旗']) {
            let message = text!(
                "县级机关没有独立的定密权（保密法第十七条），请核对定密依据",
                "a county office has no power of its own to classify (article 17); look up on what authority it was done"
            );
            desk.say_at(RuleId::S1, Severity::Info, at, "密级", message);
        }
    }
}

/// S2: marks on the pages of items registered as open.
fn marks(desk: &mut Desk<'_>) {
    for (id, facts) in desk.holdings.files {
        let Some(at) = desk.at(*id).filter(|at| desk.is_open(*at)) else { continue };
        if let Some(mark) = facts.marks.iter().find(|mark| mark.level != SecrecyLevel::None) {
            let word = mark.level.word();
            let term = mark.term.as_ref().map(|term| format!("★{term}")).unwrap_or_default();
            let message = text!(
                "登记为不涉密，首页角上却有“{word}{term}”",
                "registered as open, and its first page bears the mark {word}{term}"
            );
            desk.say(RuleId::S2, at, "密级", message);
        }
    }
}
