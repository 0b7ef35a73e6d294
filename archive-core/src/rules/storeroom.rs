//! H: the storeroom (库房).
//!
//! Judged on the registers of climate, places and counts ([`custody`](super::custody)).

use super::{Rule, rule};

pub(super) const RULES: &[Rule] = &[
    rule!(H1 Warning "福田《库房管理工作制度》六；《十防措施》三";
        says
            "库房温度 14-24 ℃，相对湿度 45-60 %，每天定时测记；缺一天、超一次都报告，全年画成曲线。",
            "Temperature 14-24 °C and relative humidity 45-60 %, read each day; a missing day and a reading outside are reported, and the year is drawn as a chart.";
        example
            "7 月 12 日湿度 71 %；7 月 13 日没有记录。",
            "71 % on 12 July; no reading on the 13th.";
        remedy
            "开除湿机；缺的日子不补编，注明原因。",
            "Run the dehumidifier; don't invent missing readings, say why they are missing."),
    rule!(H2 Error "福田《库房管理工作制度》一";
        says
            "档案按全宗顺序存放，架柜有指引卡；移动要记录，每一卷都说得出在哪里。",
            "Records stand by fonds, each shelf and box with a guide card; a move is recorded, and each volume has a known place.";
        example
            "第 17 卷登记在 3 号架，实际不在。",
            "Volume 17 is recorded on rack 3 and isn't there.";
        remedy
            "查找；找到后改记录，找不到的按丢失报告。",
            "Search; correct the record, or report it lost."),
    rule!(H3 Error "福田《库房管理工作制度》三";
        says
            "半年抽查，年终全查；账物不符的逐件查明，写明处理。",
            "A spot check each half year, a full count at its end; each difference is settled with a note.";
        example
            "年终应有 1,204 卷，实有 1,203 卷。",
            "1,204 volumes expected at the year's end, 1,203 found.";
        remedy
            "查明差的一卷（借出？错架？），写进清点记录。",
            "Find out about the missing one (on loan? on the wrong shelf?), and write it into the record of the count."),
];
