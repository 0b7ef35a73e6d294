//! D: appraisal and destruction (鉴定与销毁).
//!
//! Judged on destruction lists and clearings ([`custody`](super::custody)).

use super::{Rule, rule};

pub(super) const RULES: &[Rule] = &[
    rule!(D1 Error "杂多第三十四条(一)；福田《文件销毁制度》三";
        says
            "只有到期或确无保存价值的才列入销毁清册，逐件写明理由；领导批准整本清册；批准之后改动的，批准作废。",
            "Only what is due or of no value goes on a destruction list, each line with its reason; a leader approves the whole list, and a change after that voids the approval.";
        example
            "清册批准之后又添了两卷。",
            "Two volumes were added after the approval.";
        remedy
            "重新报批。",
            "Have it approved again."),
    rule!(D2 Error "杂多第三十四条(三)(四)；福田《文件销毁制度》六";
        says
            "销毁由两人以上监销，都签名，都不是编清册的人；写明时间、地点；其他人不参加。",
            "At least two people supervise a destruction and sign, and neither drew up the list; time and place are recorded; nobody else takes part.";
        example
            "只有一人监销；或监销人就是清册的编制人。",
            "One supervisor only; or one who drew up the list.";
        remedy
            "另指定监销人，到场后签名。",
            "Name another supervisor, who is present and signs."),
    rule!(D3 Error "福田《文件销毁制度》三";
        says
            "涉密的交保密部门销毁，清册保密部门和本单位各存一份。",
            "Secret ones go to the secrecy office, which keeps one copy of the list and the office the other.";
        example
            "机密文件列在普通清册里自行销毁。",
            "A classified paper stands on an ordinary list.";
        remedy
            "从普通清册移出，送保密部门。",
            "Take it off and send it to the secrecy office."),
    rule!(D4 Error "简阳（九）6";
        says
            "机关留存的副卷，其鉴定和销毁与档案馆的正卷一致。",
            "The duplicate volumes an office keeps follow the fate of the originals in the archives.";
        example
            "正卷续存，副卷却列入销毁。",
            "The original is kept, and the duplicate is on a destruction list.";
        remedy
            "与档案馆核对后再定。",
            "Compare with the archives first."),
    rule!(D5 Info "福田《案卷质量标准》七";
        says
            "销毁去掉的是内容，目录行和凭证永久保留；销毁不能悄悄撤销。",
            "Destruction removes the content and keeps the catalogue line and the evidence; it can't be undone silently.";
        example
            "已销毁的第 12 卷，目录里仍有一行，注明“已销毁”。",
            "Volume 12 still has its line, marked 已销毁.";
        remedy
            "在目录和登记簿上注明。",
            "Mark it in catalogue and register.";
        judged by nobody
            "销毁由程序执行，目录行和凭证去不掉；由存储的测试保证",
            "The program carries destructions out and can't remove line or evidence; the tests of the store hold it to that"),
    rule!(D6 Info "福田《文件销毁制度》二";
        says
            "每年年底清理一次不归档的文件。",
            "Each year at its end, what is not to be archived is cleared.";
        example
            "12 月清理重份文件 200 份。",
            "In December 200 duplicates are cleared.";
        remedy
            "年底安排清理，列清单报批。",
            "Do it at the year's end, by list and with approval."),
];
