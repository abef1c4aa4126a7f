// What the console till says itself, before it asks the daemon.

#include "edge/words/sentence.h"

namespace branchline {
namespace {

constexpr Sentence kConsole[] = {
    {"'$0' is no count of notes or coins: VALUExCOUNT, as in 20x3+5x2",
     "“$0”不是张数：请用“面额x张数”，如 20x3+5x2",
     "「$0」不是張數：請用「面額x張數」，如 20x3+5x2"},
    {"drop-change AMOUNT, or to STEP", "drop-change 金额，或 to 单位",
     "drop-change 金額，或 to 單位"},
    {"'$0' is no command; 'help' lists them", "没有命令“$0”；输入 help 查看",
     "沒有指令「$0」；輸入 help 查看"},
    {"'$0' is no command", "没有命令“$0”", "沒有指令「$0」"},
    {"usage: $0", "用法：$0", "用法：$0"},
    {"the line has $0 bytes, at most $1", "该行有 $0 个字节，最多 $1 个",
     "該行有 $0 個位元組，最多 $1 個"},
    {"the line has $0 words, at most $1", "该行有 $0 个词，最多 $1 个",
     "該行有 $0 個詞，最多 $1 個"},
    {"a quote is not closed", "引号没有成对", "引號沒有成對"},
    {"'$0' is not a decimal number", "“$0”不是数字", "「$0」不是數字"},
    {"'$0' has more than $1 decimals", "“$0”的小数超过 $1 位",
     "「$0」的小數超過 $1 位"},
    {"'$0' does not fit 64 bits", "“$0”超出可计算范围", "「$0」超出可計算範圍"},
    {"there is no line $0: the basket has $1", "没有第 $0 行：购物篮共 $1 行",
     "沒有第 $0 行：購物籃共 $1 行"},
    {"payments are counted from 1", "付款从 1 数起", "付款從 1 數起"},
    {"$0 payments of $1 are open: say which, its number on the receipt",
     "$1 有 $0 笔付款未决：请指明第几笔", "$1 有 $0 筆付款未決：請指明第幾筆"},
    {"lines are counted from 1", "行号从 1 开始", "行號從 1 開始"},
    {"the basket is empty", "购物篮为空", "購物籃是空的"},
    {"$0 times is no whole number of this code, or far too many",
     "$0 不是该条码的整数倍，或数量过大", "$0 不是該條碼的整數倍，或數量過大"},
    {"a label stands for one package: scan each",
     "一张标签代表一包：请逐包扫描", "一張標籤代表一包：請逐包掃描"},
    {"$0 items have this code: pick one by its number",
     "有 $0 个商品使用此条码：请用 pick 选一个",
     "有 $0 個商品使用此條碼：請用 pick 選一個"},
    {"there is no choice $0: the last list has $1",
     "没有第 $0 项：上次列出 $1 项", "沒有第 $0 項：上次列出 $1 項"},
    {"'$0' is no open department", "“$0”不是开放部类", "「$0」不是開放部門"},
    {"'$0': pay with cash, card, voucher, wallet or code and an amount",
     "“$0”：付款方式为 cash、card、voucher、wallet 或 code，后跟金额",
     "「$0」：付款方式為 cash、card、voucher、wallet 或 code，後接金額"},
    {"count till, safe or z", "可清点 till、safe 或 z",
     "可清點 till、safe 或 z"},
    {"training on, or training off", "请用 training on 或 training off",
     "請用 training on 或 training off"},
    {"the bill $0 cannot be read", "无法读取账单 $0", "無法讀取帳單 $0"},
    {"the bill $0 has $1 bytes, at most $2", "账单 $0 有 $1 个字节，最多 $2 个",
     "帳單 $0 有 $1 個位元組，最多 $2 個"},
    {"line $0 of $1 is not TRANSACTION,AMOUNT, nor is the file a wallet's bill",
     "$1 第 $0 行不是“交易号,金额”，文件也不是钱包账单",
     "$1 第 $0 行不是「交易號,金額」，檔案也不是錢包帳單"},
    {"$0 entries of $1 could be a payment that is still unconfirmed; 1 to $2 "
     "are wanted",
     "$1 中有 $0 笔可能是待确认的付款；应为 1 到 $2 笔",
     "$1 中有 $0 筆可能是待確認的付款；應為 1 到 $2 筆"},
    {"paper as text or html", "格式为 text 或 html", "格式為 text 或 html"},
    {"$0 cannot be written", "无法写入 $0", "無法寫入 $0"},
    {"no payments can be made from here", "此处不能收款", "此處不能收款"},
    {"payment $0 is still under way: 'payments' shows it, 'give-up' ends it",
     "付款 $0 仍在进行：payments 可查看，give-up 可放弃",
     "付款 $0 仍在進行：payments 可查看，give-up 可放棄"},
    {"this basket was paid: 'pay' rings it up, 'give-back $0 AMOUNT' gives the "
     "money back",
     "本单已付款：pay 结账，或 give-back $0 金额 退款",
     "本單已付款：pay 結帳，或 give-back $0 金額 退款"},
    {"no sale that is open has a payment $0: take the goods back first; "
     "'payments' lists what is open",
     "没有未决销售有付款 $0：请先退货；payments 可列出",
     "沒有未決銷售有付款 $0：請先退貨；payments 可列出"},
    {"jobs of a terminal: end-of-day, diagnosis, slip",
     "刷卡机任务：end-of-day、diagnosis、slip",
     "刷卡機工作：end-of-day、diagnosis、slip"},
    {"the basket holds $0 lines: park it or cancel it first",
     "购物篮中有 $0 行：请先挂单或取消", "購物籃中有 $0 行：請先掛單或取消"},
    {"no answer, so nobody knows whether it was done: type it again as it was, "
     "and it is done once ($0)",
     "没有应答，不确定是否已完成：请原样重新输入，只会执行一次（$0）",
     "沒有回應，不確定是否已完成：請原樣重新輸入，只會執行一次（$0）"},
    {"the till's service does not answer: is branchline-edge at work? Try "
     "again when it is ($0)",
     "收银服务没有应答：branchline-edge 是否在运行？恢复后请重试（$0）",
     "收銀服務沒有回應：branchline-edge 是否在執行？恢復後請重試（$0）"},
};

}  // namespace

absl::Span<const Sentence> ConsoleSentences() { return kConsole; }

}  // namespace branchline
