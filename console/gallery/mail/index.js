const nodemailer = require("nodemailer");
const { z } = require("zod");

const Message = z.object({ from: z.email(), text: z.string().min(1).max(5000) });

module.exports = async function (ctx) {
  const { SMTP_URL, MAIL_TO } = ctx.secrets;
  const message = Message.safeParse(ctx.body);
  if (!message.success) return { error: "Send {\"from\": \"you@example.com\", \"text\": \"…\"}." };

  const { from, text } = message.data;
  const mail = { from: MAIL_TO, to: MAIL_TO, replyTo: from, subject: `From ${from}`, text };
  await nodemailer.createTransport(SMTP_URL).sendMail(mail);
  return { sent: true };
};
