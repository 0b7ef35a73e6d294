//! What offices write in headers and cells.

use archive_catalogue::register::{self, Column, RegisterFormat};
use archive_core::finding::Severity;
use archive_core::model::{DraftState, RetentionPeriod, SecrecyLevel, Side, TieKind};
use archive_core::rules::RuleId;

use super::{read, said};

#[test]
fn columns_come_in_any_order_and_under_other_names() {
    let reading = read(
        "成文日期,张数,发文机关,标 题,发文字号,编号\n2005年5月16日,3,县政府,关于水的通知,县政[2005]第3号,1\n",
    );
    let item = &reading.items[0];
    assert_eq!(item.row, "1");
    assert_eq!(item.title, "关于水的通知");
    assert_eq!(item.number.as_ref().unwrap().to_string(), "县政〔2005〕3号");
    assert_eq!(item.date.date().unwrap().to_string(), "2005-05-16");
    assert_eq!(item.pages, Some(3));
    assert_eq!(item.bodies, ["县政府"]);
    assert!(reading.findings.is_empty(), "{:?}", reading.findings);
}

#[test]
fn every_column_reaches_the_item() {
    let header = "序号,文号,责任者,题名,日期,页数,文种,稿本,密级,保密期限,紧急程度,主送,抄送,归档机构,党政,年度,问题,会议或案件,保管期限,载体,书写材料,关联序号,关联关系,扫描件,备注";
    let reading = read(&format!(
        "{header}\n1,甲发〔2004〕1号,甲、乙,题,2004-01-02,５页,通知,修改稿2,,,特急,丙、丁,戊,秘书股,党,2004年,防汛,县长会议,定期30年,纸质,铅笔,2;3,附件;请示,一.tif；二,存甲\n\
         2,,甲,题二,2004,1,,,,,,,,,,,,,,,,,,,\n3,,甲,题三,2004-05,1,,,,,,,,,,,,,,,,,,,\n"
    ));
    let item = &reading.items[0];
    assert_eq!((item.pages, item.doc_type.as_deref()), (Some(5), Some("通知")));
    assert_eq!(item.state, Some(DraftState::Revision(2)));
    assert_eq!((item.urgency.as_deref(), item.section.as_deref()), (Some("特急"), Some("秘书股")));
    assert_eq!(item.bodies, ["甲", "乙"]);
    assert_eq!(item.addressees, ["丙", "丁"]);
    assert_eq!(item.copies, ["戊"]);
    assert_eq!((item.side, item.year), (Some(Side::Party), Some(2004)));
    assert_eq!(item.question.as_deref(), Some("防汛"));
    assert_eq!(item.meeting_or_case.as_deref(), Some("县长会议"));
    assert_eq!(item.period, Some(RetentionPeriod::Years(30)));
    assert_eq!((item.medium.as_deref(), item.materials.as_deref()), (Some("纸质"), Some("铅笔")));
    assert_eq!(item.ties.len(), 2);
    assert_eq!((item.ties[1].to_row.as_str(), item.ties[1].kind), ("3", TieKind::Request));
    assert_eq!(item.scans, ["一.tif", "二"]);
    assert_eq!(item.remarks.as_deref(), Some("存甲"));
    assert!(reading.findings.is_empty(), "{:?}", reading.findings);
}

#[test]
fn lines_beside_the_records_are_passed_over_and_said_to_be() {
    let reading = read(
        "某县 2004 年文件登记表,,,,\n单位：办公室,,,日期：2005-03-01,\n\n序号,题名,文号,日期,页数\n\
         一、永久,,,,\n1,甲,,2004-01-02,3\n,,,,\n2,乙,,2004-01-03,4\n序号,题名,文号,日期,页数\n3,丙,,2004-01-04,5\n\
         4,,,,\n5,,,,\n合计,,,,12\n填表人：张三,,,审核人：李四,\n",
    );
    let rows: Vec<(u32, &str)> =
        reading.items.iter().map(|item| (item.origin.row, item.title.as_str())).collect();
    assert_eq!(rows, [(6, "甲"), (8, "乙"), (10, "丙")]);
    assert!(reading.refused.is_empty());
    assert_eq!(
        said(&reading, RuleId::I1, Severity::Info),
        [
            "5 这一行只有「一、永久」一格，当作小标题，没有读入",
            "11 第 11 至 12 行中有 2 行只有序号，没有读入",
            "13 「合计」是合计行，没有读入",
            "14 「填表人：张三」是落款，没有读入",
        ]
    );
}

#[test]
fn rows_are_numbered_as_a_spreadsheet_shows_them() {
    let reading = read("\n题名,日期\n\n\"甲\n一\",2004\n\n\n乙,2004\n");
    let rows: Vec<(u32, &str)> =
        reading.items.iter().map(|item| (item.origin.row, item.title.as_str())).collect();
    assert_eq!(rows, [(4, "甲一"), (7, "乙")]);
}

#[test]
fn a_cell_that_decides_and_cannot_be_read_refuses_its_row() {
    let reading = read(
        "序号,题名,日期,保管期限,密级\n1,甲,2004年13月,,\n2,乙,2004,很久,\n3,丙,2004,,密\n2,丁,2004,,\n4,戊,2004,永久,\n,,,短期,\n6,,,短期,\n",
    );
    assert_eq!(reading.items.iter().map(|item| item.title.as_str()).collect::<Vec<_>>(), ["戊"]);
    assert_eq!(reading.refused.iter().map(|row| row.row).collect::<Vec<_>>(), [2, 3, 4, 5, 8]);
    assert_eq!(
        said(&reading, RuleId::I2, Severity::Error),
        ["2 日期「2004年13月」读不出", "3 保管期限「很久」读不出", "4 密级「密」读不出"]
    );
    assert_eq!(said(&reading, RuleId::I4, Severity::Error), ["5 序号 2 与第 3 行重复"]);
    assert_eq!(said(&reading, RuleId::L1, Severity::Error), ["8 题名、文号、日期都没有，认不出是哪份文件"]);
}

#[test]
fn a_row_without_title_or_date_is_accepted_and_reported() {
    let reading = read("序号,文号,题名,日期\n1,甲发〔2004〕1号,,2004-01-01\n2,,乙,\n3,,丙,不详\n");
    assert_eq!(reading.items.len(), 3);
    assert_eq!(said(&reading, RuleId::L1, Severity::Error), ["2 没有题名", "3 没有日期"]);
}

#[test]
fn wording_that_fits_no_field_is_kept_in_the_remarks() {
    let reading = read("序号,题名,日期,页数,党政,备注\n1,甲,2004,若干,军,破损\n");
    assert_eq!(reading.items[0].remarks.as_deref(), Some("破损〔页数：若干〕〔党政：军〕"));
    assert_eq!(
        said(&reading, RuleId::I2, Severity::Warning),
        ["2 党政「军」读不出，原文记入备注", "2 页数「若干」读不出，原文记入备注"]
    );
}

#[test]
fn nothing_of_a_classified_paper_but_its_line_is_kept_or_told() {
    let reading = read(
        "序号,文号,责任者,题名,日期,密级,保密期限,问题,主送,扫描件,关联序号,关联关系,备注,页数\n\
         1,甲密发〔2004〕1号,绝对机构,绝对标题,2004-01-02,机密,20年,绝对问题,绝对主送,绝对.tif,2,附件,绝对说明，原件存机要室,绝对页\n\
         2,,县委,机密★10年 绝对标题,2004-01-03,,,,,,,,,1\n\
         3,,县委,绝对标题,2004年13月,密,,,,,,,绝对说明,1\n",
    );
    let shown = format!("{reading:?}");
    assert!(!shown.contains("绝对"), "{shown}");
    let item = &reading.items[0];
    assert_eq!(item.secrecy.level, SecrecyLevel::Confidential);
    assert_eq!(item.secrecy.term.as_deref(), Some("20年"));
    assert_eq!(item.number.as_ref().unwrap().to_string(), "甲密发〔2004〕1号");
    assert_eq!(item.remarks.as_deref(), Some("原件存机要室"));
    assert!(item.title.is_empty() && item.scans.is_empty() && item.ties.is_empty() && item.pages.is_none());
    assert_eq!(reading.items[1].secrecy.level, SecrecyLevel::Confidential);
    assert_eq!(said(&reading, RuleId::S1, Severity::Error).len(), 2);
    assert_eq!(reading.refused.len(), 1);
    let given_back = register::write_refused(&reading.sheets, &reading.refused, RegisterFormat::Csv).unwrap();
    assert!(!String::from_utf8(given_back).unwrap().contains("绝对"));
}

#[test]
fn ties_name_rows_that_are_there() {
    let reading = read(
        "序号,题名,日期,关联序号,关联关系\n01,甲,2004,,\n2,乙,2004,1,附件\n3,丙,2004,3,请示\n4,丁,2004,99,请示\n5,戊,2004,1、2,附件\n6,己,2004,1;2,附件;兄弟\n7,庚,2004,1,\n",
    );
    assert_eq!(reading.items[1].ties[0].to_row, "01");
    assert_eq!(reading.items[4].ties.len(), 2);
    assert_eq!(reading.items[5].remarks.as_deref(), Some("〔关联关系：2 兄弟〕"));
    assert_eq!(reading.items[6].remarks.as_deref(), Some("〔关联序号：1〕"));
    assert_eq!(
        said(&reading, RuleId::I4, Severity::Error),
        ["4 关联序号 3 就是本行", "5 关联序号 99 不在登记表中"]
    );
}

#[test]
fn columns_that_are_not_read_are_named() {
    let reading = read("盒号,题名,事由,日期,\n3,甲,乙,2004,丙\n");
    assert_eq!(said(&reading, RuleId::I1, Severity::Info), ["1 A 列「盒号」不是登记表的列，没有读入"]);
    assert_eq!(
        said(&reading, RuleId::I1, Severity::Warning),
        ["1 E 列有内容而没有表头，没有读入", "1 C 列「事由」与「题名」列意思相同，没有读入"]
    );
    assert_eq!(reading.sheets[0].columns[1].meaning, Some(Column::Title));
}

#[test]
fn a_date_may_be_spread_over_three_columns_or_be_a_day_count() {
    let reading = read("题名,年,月,日\n甲,2004,5,16\n乙,2004年,5月,\n丙,2004,,\n");
    let dates: Vec<String> = reading.items.iter().map(|item| item.date.date().unwrap().to_string()).collect();
    assert_eq!(dates, ["2004-05-16", "2004-05", "2004"]);
    let reading = read("题名,日期\n甲,38152\n");
    assert_eq!(reading.items[0].date.date().unwrap().to_string(), "2004-06-14");
    assert_eq!(said(&reading, RuleId::I2, Severity::Info).len(), 1);
}

#[test]
fn text_that_looks_like_a_formula_stays_text() {
    let reading = read("序号,题名,日期\n=\"001\",=1+1,2004\n'002,'=HYPERLINK(1),2004\n3,'甲',2004\n");
    let rows: Vec<(&str, &str)> =
        reading.items.iter().map(|item| (item.row.as_str(), item.title.as_str())).collect();
    assert_eq!(rows, [("001", "=1+1"), ("002", "=HYPERLINK(1)"), ("3", "'甲'")]);
}
