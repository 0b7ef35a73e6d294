//! The columns of the office's books, and what else offices call them.

use crate::register::columns::{Heading, columns};

columns! {
/// What a column of a register of incoming or outgoing papers holds.
BookColumn {
    /// 登记号: the number in the book.
    No "登记号" [
        "收文号", "收文编号", "收文登记号", "收文序号", "收文流水号", "发文登记号", "发文编号", "发文序号", "登记序号", "登记编号",
        "顺序号", "序号", "编号", "流水号", "行号", "来文编号", "收文顺序号", "发文顺序号", "no", "id",
    ],
    /// 登记日期: the day it came in or went out.
    Registered "登记日期" [
        "收文日期", "收文时间", "收到日期", "收到时间", "收件日期", "收件时间", "来文时间", "登记时间", "签收日期", "发出日期", "发出时间",
        "寄发日期", "分发日期", "日期", "时间", "date", "received", "sent",
    ],
    /// 发文日期: in the outgoing book the day it went out, in the incoming one the day it was issued.
    Sent "发文日期" ["发文时间", "印发日期", "印发时间"],
    /// 年度.
    Year "年度" ["年份", "登记年度", "收文年度", "发文年度", "year"],
    /// 文号.
    Number "文号" [
        "发文字号", "文件编号", "发文号", "文件字号", "文件号", "公文字号", "公文文号", "来文字号", "来文号", "来文文号", "收文字号", "字号",
        "发文文号", "原文号", "文件文号", "编文号", "number", "docno",
    ],
    /// 来文机关.
    Bodies "来文机关" [
        "来文单位", "发文机关", "发文单位", "责任者", "作者", "制发机关", "制发单位", "成文机关", "成文单位", "行文单位", "署名",
        "文件责任者", "发文部门", "拟稿单位", "body", "author",
    ],
    /// 题名.
    Title "题名" [
        "标题", "文件题名", "文件标题", "公文标题", "文件名称", "文件名", "来文标题", "发文标题", "事由", "案由", "文件内容", "内容摘要",
        "内容", "名称", "题目", "文件题目", "来文事由", "title",
    ],
    /// 成文日期.
    Date "成文日期" ["来文日期", "形成日期", "文件日期", "成文时间", "形成时间", "落款日期", "签发日期", "签发时间", "文件时间"],
    /// 主送.
    Addressees "主送" ["主送机关", "主送单位", "发往", "发往单位", "发往机关", "送往单位", "受文单位", "受文机关", "收文单位", "收文机关", "分发范围", "发送单位", "发送范围", "to"],
    /// 份数.
    Copies "份数" ["收文份数", "发文份数", "印数", "印发份数", "数量", "印制份数", "copies"],
    /// 份号.
    CopyNo "份号" ["份数序号", "文件份号", "编号份号"],
    /// 密级.
    Secrecy "密级" ["秘密等级", "保密等级", "秘级", "密别", "机密程度", "机密等级", "保密级别", "涉密等级", "secrecy"],
    /// 保密期限.
    SecrecyTerm "保密期限" ["保密期", "密级期限", "保密年限", "密期"],
    /// 承办科室.
    Section "承办科室" [
        "承办部门", "承办单位", "承办股室", "承办处室", "承办机构", "科室", "股室", "部门", "处室", "归档机构", "归档部门", "归档科室", "归档股室",
        "主办科室", "主办股室", "主办单位", "经办科室", "分送科室", "拟稿科室", "拟稿部门", "section",
    ],
    /// 应清退.
    MustReturn "应清退" ["是否清退", "需清退", "清退", "是否应清退", "要求清退", "清退要求", "是否需清退", "是否退文"],
    /// 去向.
    Disposition "去向" [
        "处理结果", "处理情况", "文件去向", "归档情况", "办理结果", "处置", "处置情况", "处理", "办理情况", "归档", "是否归档", "文件处理", "disposition",
    ],
    /// 清退日期.
    Returned "清退日期" ["清退时间", "退文日期", "退还日期", "退回日期", "退文时间", "缴回日期"],
    /// 去向日期.
    DisposedOn "去向日期" ["处理日期", "处置日期", "归档日期", "归档时间", "销毁日期", "销毁时间", "处理时间", "办结日期"],
    /// 原因: why it isn't archived.
    Reason "原因" ["理由", "未归档原因", "不归档原因", "不归档理由", "未归档理由", "去向说明", "reason"],
    /// 备注.
    Remarks "备注" ["附注", "说明", "备考", "注", "其他", "备注说明", "remarks", "note", "notes"],
}
}

impl Heading for BookColumn {
    const EVERY: &'static [Self] = Self::ALL;
    const ROW: Self = Self::No;
    const NUMBER: Self = Self::Number;
    const TITLE: Self = Self::Title;
    const DATE: Self = Self::Registered;
    const REQUIRED: &'static [&'static [Self]] =
        &[&[Self::Title], &[Self::Registered, Self::Sent, Self::Date]];

    fn canonical(self) -> &'static str {
        self.header()
    }

    fn synonyms(self) -> &'static [&'static str] {
        self.other_names()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_header_names_its_own_column_and_no_synonym_is_shared() {
        let mut seen = std::collections::BTreeSet::new();
        for column in BookColumn::ALL {
            for name in std::iter::once(&column.header()).chain(column.other_names()) {
                assert!(seen.insert(*name), "{name} stands for two columns");
                assert_eq!(BookColumn::naming(name), Some(*column), "{name}");
            }
        }
    }
}
