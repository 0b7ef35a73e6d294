//! R: how long records are kept (保管期限).
//!
//! R3 lists what falls due; the list is made with the disposal register, where its findings arrive.

use super::checking::Desk;
use super::{Rule, RuleId, rule};
use crate::model::{RetentionPeriod, Why};
use crate::text;

pub(super) const RULES: &[Rule] = &[
    rule!(R1 Error "福田《案卷质量标准》三；简阳（九）4(2)；国家档案局令第8号第六条";
        says
            "每件、每卷有一个保管期限，用本机关所用的一套词：永久、长期、短期（1987）；永久、定期30年、定期10年（2006）；会计档案另有一套。两套不混用，也不互相换算：长期不等于 30 年。",
            "Each item and volume has one period out of the scheme the office uses: 永久, 长期, 短期 (1987); 永久, 30 years, 10 years (2006); accounting records have their own. Schemes are not mixed, and not translated into one another: 长期 is not 30 years.";
        example
            "用 1987 年的一套词，却有一行填“30年”。",
            "The office uses the terms of 1987, and one row says 30年.";
        remedy
            "改成本机关所用的词；换用新的一套要从某一年度起整体换。",
            "Use a word of the office's scheme; a new scheme is taken up for a whole year."),
    rule!(R2 Warning "福田《案卷质量标准》三；国家档案局令第8号第十二条";
        says
            "建议的保管期限出自归档范围表的某一条，说明是哪一条、为什么；由人核定，改了要说理由。",
            "A proposed period comes from a line of the table of scope, and says from which and why; a person confirms it, or changes it with a reason.";
        example
            "《关于2004年国庆节放假和值班安排的通知》，期限空白：合于 3.1“一般事务”，建议短期。",
            "A notice of holiday duty with no period: it falls under line 3.1, routine affairs, and 短期 is proposed.";
        remedy
            "在方案表里核定：接受建议，或改期限并写理由。",
            "Confirm it in the plan: accept the proposal, or change the period and say why."),
    rule!(R3 Info "国家档案局《关于机关档案保管期限的规定》(1987)；简阳（九）6";
        says
            "期限从文件形成年度的次年 1 月 1 日起算。到期只列入鉴定，由人决定续存、改永久还是销毁，绝不自动销毁。",
            "The period runs from 1 January of the year after the record's own. What falls due is listed for appraisal, where people keep, extend or destroy it; nothing is destroyed by itself.";
        example
            "2004 年定期 10 年的文件，2015 年 1 月 1 日到期，列入当年鉴定清单。",
            "A ten-year record of 2004 falls due on 1 January 2015 and is listed for that year's appraisal.";
        remedy
            "组织鉴定，逐卷定去留。",
            "Hold the appraisal, and decide volume by volume.";
        judged by nobody
            "到期的由 archive disposal due 列出，销毁只按批准的清册",
            "archive disposal due lists what is due; nothing is destroyed but by an approved list"),
];

pub(super) fn check(desk: &mut Desk<'_>) {
    scheme(desk);
    confirmation(desk);
}

/// R1: a period that is none of the scheme's.
fn scheme(desk: &mut Desk<'_>) {
    let periods = desk.profile.retention.scheme.periods();
    let words: Vec<String> = periods.iter().map(ToString::to_string).collect();
    let words = words.join("、");
    let told = |period: RetentionPeriod| {
        text!(
            "“{period}”不是本机关所用的期限（{words}）",
            "{period} is no period of the office's scheme ({words})"
        )
    };
    for (at, item) in desk.open_items() {
        if let Some(period) = item.period.filter(|period| !periods.contains(period)) {
            desk.say(RuleId::R1, at, "保管期限", told(period));
        }
    }
    for volume in desk.volumes() {
        if !periods.contains(&volume.period) {
            desk.say_of_volume(RuleId::R1, volume, "保管期限", told(volume.period));
        }
    }
}

/// R2: volumes with periods that only the program proposed; one finding a volume.
fn confirmation(desk: &mut Desk<'_>) {
    for volume in desk.volumes() {
        let proposed: Vec<&str> = volume
            .entries
            .iter()
            .filter(|entry| {
                entry.why.iter().any(|why| matches!(why, Why::PeriodByLine(_) | Why::PeriodAssumed(_)))
            })
            .filter_map(|entry| desk.at(entry.item))
            .map(|at| desk.item(at).row.as_str())
            .collect();
        let count = proposed.len();
        if count == 0 {
            continue;
        }
        let shown = proposed.iter().take(5).copied().collect::<Vec<_>>().join("、");
        let more = if count > 5 { "……" } else { "" };
        let period = volume.period;
        let message = text!(
            "{count} 件的期限（{period}）是建议的，还没有人核定：序号 {shown}{more}",
            "the period ({period}) of {count} items is proposed and not yet confirmed: rows {shown}{more}"
        );
        desk.say_of_volume(RuleId::R2, volume, "保管期限", message);
    }
}
