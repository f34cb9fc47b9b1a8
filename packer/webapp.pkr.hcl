locals {
  # Where AWS and Debian publish their images, and the login of each.
  families = {
    al2023 = {
      owner        = "137112412989"
      name         = "al2023-ami-${var.al2023_release}-kernel-6.1-${var.arch}"
      ssh_username = "ec2-user"
    }
    debian12 = {
      owner        = "136693071363"
      name         = "debian-12-${var.arch == "arm64" ? "arm64" : "amd64"}-${var.debian12_release}"
      ssh_username = "admin"
    }
  }
  base = local.families[var.family]

  instance_types = {
    x86_64 = "t3.small"
    arm64  = "t4g.small"
  }
  instance_type = var.instance_type != "" ? var.instance_type : local.instance_types[var.arch]

  # Debian's image comes without the agent of Session Manager.
  session_manager = var.family == "al2023" && ! var.stand_in

  tags = {
    Project       = var.project
    Environment   = var.environment
    Name          = "${var.project}-${var.environment}-${var.family}-${var.arch}-${substr(var.image_digest, 0, 12)}"
    Commit        = var.commit
    ReleaseDigest = var.release_digest
    ImageDigest   = var.image_digest
    BaseImage     = "{{ .SourceAMIName }}"
    Family        = var.family
  }
  # What lives for the bake only says so: it is not an instance of the environment.
  temporary_tags = {
    Project     = var.project
    Environment = var.environment
    Name        = "${var.project}-${var.environment}-bake"
  }

  ansible = "${path.root}/../ansible"
  # Seen by the playbook and by the verification alike.
  ansible_variables = jsonencode({
    family          = var.family
    release_archive = var.release_archive
    release_digest  = var.release_digest
    commit          = var.commit
    stand_in        = var.stand_in
    bake_proxy      = var.bake_proxy
  })
}

source "amazon-ebs" "webapp" {
  region              = var.region
  custom_endpoint_ec2 = var.custom_endpoint_ec2
  instance_type       = local.instance_type
  vpc_id              = var.vpc_id
  subnet_id           = var.subnet_id

  source_ami = var.source_ami
  dynamic "source_ami_filter" {
    for_each = var.source_ami == "" ? [local.base] : []
    content {
      owners = [source_ami_filter.value.owner]
      filters = {
        name                = source_ami_filter.value.name
        virtualization-type = "hvm"
        root-device-type    = "ebs"
      }
    }
  }

  ami_name        = local.tags.Name
  ami_description = "${var.project}, commit ${var.commit}, on {{ .SourceAMIName }}"
  ena_support     = true
  tags            = local.tags
  snapshot_tags   = local.tags
  run_tags        = local.temporary_tags
  run_volume_tags = local.temporary_tags

  launch_block_device_mappings {
    device_name           = "/dev/xvda"
    volume_type           = "gp3"
    volume_size           = var.volume_size
    iops                  = 3000
    throughput            = 125
    encrypted             = true
    kms_key_id            = var.kms_key_id
    delete_on_termination = true
  }

  communicator                          = "ssh"
  ssh_username                          = var.ssh_username != "" ? var.ssh_username : local.base.ssh_username
  ssh_host                              = var.ssh_host
  ssh_port                              = var.ssh_port
  ssh_private_key_file                  = var.ssh_private_key_file
  ssh_timeout                           = "10m"
  ssh_interface                         = local.session_manager ? "session_manager" : ""
  temporary_security_group_source_cidrs = var.ssh_source_cidrs
  iam_instance_profile                  = var.iam_instance_profile

  dynamic "temporary_iam_instance_profile_policy_document" {
    for_each = local.session_manager && var.iam_instance_profile == "" ? ["session-manager"] : []
    content {
      Version = "2012-10-17"
      Statement {
        Effect = "Allow"
        Action = [
          "ssm:UpdateInstanceInformation",
          "ssmmessages:CreateControlChannel",
          "ssmmessages:CreateDataChannel",
          "ssmmessages:OpenControlChannel",
          "ssmmessages:OpenDataChannel",
        ]
        Resource = ["*"]
      }
    }
  }
}

build {
  sources = ["source.amazon-ebs.webapp"]

  provisioner "ansible" {
    playbook_file    = "${local.ansible}/playbook.yml"
    use_proxy        = false
    ansible_env_vars = ["ANSIBLE_CONFIG=${local.ansible}/ansible.cfg"]
    extra_arguments  = ["--extra-vars", local.ansible_variables]
  }

  # The image is registered only if this ends well.
  provisioner "ansible" {
    playbook_file    = "${local.ansible}/verify.yml"
    use_proxy        = false
    ansible_env_vars = ["ANSIBLE_CONFIG=${local.ansible}/ansible.cfg"]
    extra_arguments  = ["--extra-vars", local.ansible_variables]
  }

  post-processor "manifest" {
    output     = var.manifest
    strip_path = true
    custom_data = {
      commit         = var.commit
      release_digest = var.release_digest
      image_digest   = var.image_digest
      family         = var.family
      arch           = var.arch
    }
  }
}
