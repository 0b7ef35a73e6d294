//! X: transfer (移交与接收).
//!
//! The checks of packages sit in archive-transfer, which knows their files; `handover` judges X1 and X2.

use super::{Rule, rule};

pub(super) const RULES: &[Rule] = &[
    rule!(X1 Error "简阳（九）4(3)；GB/T 13968";
        says
            "案卷按清单移交，一式二份；双方对照目录逐卷清点，签字。",
            "Volumes go over by list, in two copies; both sides count and check each against the catalogue and sign.";
        example
            "目录 45 卷，实交 44 卷。",
            "45 volumes on the list, and 44 handed over.";
        remedy
            "补交或改正目录，双方重新核对。",
            "Hand over what is missing or correct the list, and check again."),
    rule!(X2 Error "福田《档案整理工作制度》二(一)3";
        says
            "案卷质量明显不合要求的，列出毛病退回原单位调整；特殊情况可以先接收，记下毛病，由档案馆整理。",
            "A volume that clearly falls short is sent back with its faults listed; in special cases it is taken in with the faults recorded and arranged by the archive.";
        example
            "3 卷没有备考表签名，退回补签。",
            "Three volumes with unsigned notes are sent back.";
        remedy
            "按所列毛病改正后再交；作例外接收的，写明批准人和理由。",
            "Mend what is listed; for an exception record who allowed it and why."),
    rule!(X3 Info "福田《档案整理工作制度》二(一)1；《库房管理工作制度》四";
        says
            "接收的档案经熏蒸、消毒、除尘才能入库，按全宗、门类上架，记下保管的起点。",
            "What is taken in is disinfected and dusted before it enters the storeroom, shelved by fonds and class, and its custody entered.";
        example
            "入库登记上没有消毒日期。",
            "The entry has no date of disinfection.";
        remedy
            "补做消毒并登记。",
            "Have it done and record it."),
    rule!(X4 Info "杂多第三十三条";
        says
            "档案局年度检查的数字，出自同一份记录。",
            "The figures of the yearly inspection come from the same records.";
        example
            "年报的案卷数与目录的行数相等。",
            "The report counts as many volumes as the catalogue has lines.";
        remedy
            "用 archive report 出数，不另行统计。",
            "Take the figures from archive report.";
        judged by nobody
            "年报由程序从同一份记录出数，没有第二份数字可以不符",
            "The program takes the figures from the same records; there are no others that could differ"),
    rule!(X5 Error "DA/T 70-2018；DA/T 93-2022；RFC 8493";
        says
            "移交包完整、未改动、结构合规：说明文件、目录文件、每件的元数据和内容都在，摘要相符，没有多余的文件。",
            "A package is whole, unchanged and well formed: the notes, the catalogue, each item's metadata and content are there, the digests agree, and nothing else lies in it.";
        example
            "目录列 120 件，包里有 119 件；或某个文件的摘要与清单不符。",
            "The catalogue lists 120 items and the package has 119; or a file's digest differs from the list.";
        remedy
            "请移交单位重新打包；不要手工改包里的文件。",
            "Have it built again by the sender; never edit a package by hand.";
        judged by readers),
];
